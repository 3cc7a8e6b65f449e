namespace Yolact.Edge.Vision.Drawing;

/// <summary>
/// A colour for each class, the same in every picture: hues a golden angle apart, so that classes near in number are far in
/// colour.
/// </summary>
internal static class ClassColor
{
    private const double GoldenAngle = 137.50776405;
    private const double Saturation = 0.8, Value = 1;

    /// <summary>Blue, green and red, 0..255.</summary>
    /// <param name="classId">0-based class.</param>
    public static (byte Blue, byte Green, byte Red) Of(int classId)
    {
        double hue = ((20 + (classId * GoldenAngle)) % 360) / 60;
        // HSV to RGB: each channel is a trapezium of the hue.
        return (Channel(hue, 1), Channel(hue, 3), Channel(hue, 5));
    }

    private static byte Channel(double hue, double shift)
    {
        double k = (hue + shift) % 6;
        return (byte)Math.Round(255 * Value * (1 - (Saturation * Math.Clamp(Math.Min(k, 4 - k), 0, 1))));
    }
}
