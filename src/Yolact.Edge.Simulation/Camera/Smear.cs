using System.Numerics;

namespace Yolact.Edge.Simulation.Camera;

/// <summary>
/// What one px of the camera gathers while the belt moves: the mean of the belt over its own width and the way made during
/// exposure, 1 + L px, which covers fractions of belt px at both ends. The same weights hold for every px of a picture.
/// </summary>
internal readonly struct Smear
{
    private readonly ushort[] _weights;

    /// <param name="travelStart">The belt's way at the start of exposure, px.</param>
    /// <param name="travelEnd">Its way at the end.</param>
    public Smear(double travelStart, double travelEnd)
    {
        double first = -travelEnd, length = 1 + travelEnd - travelStart;
        FirstU = (long)Math.Floor(first);
        double from = first - FirstU, to = from + length;
        _weights = new ushort[(int)Math.Ceiling(to)];
        // Rounding the running sum keeps the whole at exactly 256.
        int given = 0;
        for (int k = 0; k < _weights.Length; k++)
        {
            int upTo = (int)Math.Round(256 * (Math.Min(k + 1, to) - from) / length);
            _weights[k] = (ushort)(upTo - given);
            given = upTo;
        }
    }

    /// <summary>The belt's column that the first px of the picture begins to gather at.</summary>
    public long FirstU { get; }

    /// <summary>How many of the belt's columns a px gathers from.</summary>
    public int Taps => _weights.Length;

    /// <summary>Smears a row.</summary>
    /// <param name="belt">B, G, R, x of the belt from <see cref="FirstU"/> on: the picture's row and <see cref="Taps"/> - 1
    /// px more.</param>
    /// <param name="row">Receives levels 0..255, four a px.</param>
    public void Run(ReadOnlySpan<byte> belt, Span<ushort> row)
    {
        int step = Vector<byte>.Count, half = Vector<ushort>.Count, i = 0;
        for (; i <= row.Length - step; i += step)
        {
            Vector<ushort> low = Vector<ushort>.Zero, high = Vector<ushort>.Zero;
            for (int k = 0; k < _weights.Length; k++)
            {
                Vector.Widen(new Vector<byte>(belt[(i + (4 * k))..]), out Vector<ushort> a, out Vector<ushort> b);
                low += a * _weights[k];
                high += b * _weights[k];
            }
            (low >>> 8).CopyTo(row[i..]);
            (high >>> 8).CopyTo(row[(i + half)..]);
        }
        for (; i < row.Length; i++)
        {
            int sum = 0;
            for (int k = 0; k < _weights.Length; k++)
                sum += belt[i + (4 * k)] * _weights[k];
            row[i] = (ushort)(sum >> 8);
        }
    }
}
