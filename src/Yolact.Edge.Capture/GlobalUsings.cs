global using Yolact.Edge.Imaging;
