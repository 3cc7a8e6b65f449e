namespace Yolact.Edge.Imaging.Polygons;

/// <summary>A corner between pixels: (x, y) is the top left corner of pixel (x, y).</summary>
/// <param name="X">Columns from the picture's left edge, 0..width.</param>
/// <param name="Y">Rows from the picture's top edge, 0..height.</param>
public readonly record struct PixelPoint(int X, int Y);
