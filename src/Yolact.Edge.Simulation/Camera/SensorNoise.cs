using System.Numerics;

namespace Yolact.Edge.Simulation.Camera;

/// <summary>
/// Sensor noise: a table of normal deviates, read from a new place for each row of each picture, that grows with the signal (read
/// noise and shot noise as a straight line).
/// </summary>
internal static class SensorNoise
{
    /// <summary>The deviates' standard deviation in units of the table.</summary>
    public const int Sigma = 32;

    /// <summary>How far a row may start into the table.</summary>
    public const int Offsets = 1 << 16;

    private const int Limit = 96;
    private const int LongestRow = 4096 * 4;

    private static readonly sbyte[] Table = Make();

    /// <summary>Deviates for a row.</summary>
    /// <param name="seed">The row's.</param>
    /// <param name="length">How many, at most four a px of the widest picture.</param>
    public static ReadOnlySpan<sbyte> Row(ulong seed, int length) => Table.AsSpan((int)(seed % Offsets), length);

    private static sbyte[] Make()
    {
        var random = new SeededRandom(0x4E4F495345);
        var table = new sbyte[Offsets + LongestRow + Vector<sbyte>.Count];
        for (int i = 0; i < table.Length; i++)
        {
            // Irwin-Hall: the sum of four uniform deviates has a variance of 1/3.
            double sum = random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2;
            table[i] = (sbyte)Math.Clamp(Math.Round(sum * Sigma * Math.Sqrt(3)), -Limit, Limit);
        }
        return table;
    }
}
