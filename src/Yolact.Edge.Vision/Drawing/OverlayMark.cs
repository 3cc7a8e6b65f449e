using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Drawing;

/// <summary>Something to draw into a picture.</summary>
/// <param name="Box">In px.</param>
/// <param name="Mask">Of the picture's size or another one, which is scaled; default for none.</param>
/// <param name="Text">The tag, printable ASCII.</param>
/// <param name="Color">Blue, green, red.</param>
public readonly record struct OverlayMark(Box Box, BinaryMask Mask, string Text, (byte Blue, byte Green, byte Red) Color);
