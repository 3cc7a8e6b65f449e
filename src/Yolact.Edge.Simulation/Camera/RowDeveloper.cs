using System.Numerics;

namespace Yolact.Edge.Simulation.Camera;

/// <summary>Makes picture rows of smeared belt rows: lens blur across rows, light, glare and sensor noise, in 16-bit
/// integers.</summary>
internal static class RowDeveloper
{
    /// <summary>Blends a row with its neighbours: the lens' blur.</summary>
    /// <param name="above">Levels of the row above.</param>
    /// <param name="row">Levels of the row; receives the blend.</param>
    /// <param name="below">Levels of the row below.</param>
    /// <param name="target">Receives the blend.</param>
    /// <param name="share">What either neighbour gives, in 1/256.</param>
    public static void Defocus(ReadOnlySpan<ushort> above, ReadOnlySpan<ushort> row, ReadOnlySpan<ushort> below,
        Span<ushort> target, ushort share)
    {
        ushort keep = (ushort)(256 - (2 * share));
        int step = Vector<ushort>.Count, i = 0;
        for (; i <= target.Length - step; i += step)
        {
            Vector<ushort> sum = (new Vector<ushort>(row[i..]) * keep)
                + ((new Vector<ushort>(above[i..]) + new Vector<ushort>(below[i..])) * share);
            (sum >>> 8).CopyTo(target[i..]);
        }
        for (; i < target.Length; i++)
            target[i] = (ushort)(((row[i] * keep) + ((above[i] + below[i]) * share)) >> 8);
    }

    // From here on, in sixteenths of a level, the sensor's response bends: highlights keep some of their drawing.
    private const short Knee = 216 * 16;

    /// <summary>
    /// Applies light and noise, in sixteenths of a level: v = level * gain + glare; beyond the knee at 216 half of the rest; then
    /// noise * (a + b * level) on top.
    /// </summary>
    /// <param name="row">Levels 0..255.</param>
    /// <param name="gain">Factors, <see cref="LightField.One"/> for 1.</param>
    /// <param name="glare">Additions in levels.</param>
    /// <param name="noise">Deviates.</param>
    /// <param name="sigma">Standard deviation of the noise at mid-grey, levels, 0..6.</param>
    /// <param name="target">Receives the picture's bytes.</param>
    public static void Develop(
        ReadOnlySpan<ushort> row, ReadOnlySpan<byte> gain, ReadOnlySpan<byte> glare, ReadOnlySpan<sbyte> noise, float sigma,
        Span<byte> target)
    {
        // noise * amplitude / 64 is in sixteenths: sigma * 16 = Sigma * amplitude / 64 at level 128, where the amplitude is 1
        // (0.5 + 0.5).
        short floor = (short)Math.Round(sigma * 16 * 64 / SensorNoise.Sigma * 0.5), slope = (short)Math.Round(floor * 2.0);
        int step = Vector<byte>.Count, half = Vector<ushort>.Count, i = 0;
        for (; i <= target.Length - step; i += step)
        {
            Vector.Widen(new Vector<byte>(gain[i..]), out Vector<ushort> gainLow, out Vector<ushort> gainHigh);
            Vector.Widen(new Vector<byte>(glare[i..]), out Vector<ushort> glareLow, out Vector<ushort> glareHigh);
            Vector.Widen(new Vector<sbyte>(noise[i..]), out Vector<short> noiseLow, out Vector<short> noiseHigh);
            Vector<short> low = Light(new Vector<ushort>(row[i..]), gainLow, glareLow, noiseLow, floor, slope);
            Vector<short> high = Light(new Vector<ushort>(row[(i + half)..]), gainHigh, glareHigh, noiseHigh, floor, slope);
            Vector.Narrow(Vector.AsVectorUInt16(low), Vector.AsVectorUInt16(high)).CopyTo(target[i..]);
        }
        for (; i < target.Length; i++)
        {
            int lit = ((row[i] * gain[i]) >>> 3) + (glare[i] << 4);
            lit -= Math.Max(0, lit - Knee) >> 1;
            int amplitude = floor + (((row[i] >> 1) * slope) >> 7);
            target[i] = (byte)Math.Clamp((lit + ((noise[i] * amplitude) >> 6) + 8) >> 4, 0, 255);
        }
    }

    private static Vector<short> Light(Vector<ushort> level, Vector<ushort> gain, Vector<ushort> glare, Vector<short> noise,
        short floor, short slope)
    {
        Vector<short> lit = Vector.AsVectorInt16(((level * gain) >>> 3) + (glare << 4));
        lit -= Vector.Max(lit - new Vector<short>(Knee), Vector<short>.Zero) >> 1;
        Vector<short> amplitude = new Vector<short>(floor) + (((Vector.AsVectorInt16(level) >> 1) * slope) >> 7);
        Vector<short> value = (lit + ((noise * amplitude) >> 6) + new Vector<short>(8)) >> 4;
        return Vector.Min(Vector.Max(value, Vector<short>.Zero), new Vector<short>(255));
    }
}
