global using CsCheck;
global using Yolact.Edge.Imaging;
