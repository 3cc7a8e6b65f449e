namespace Yolact.Edge.Simulation;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014): a small generator whose sequence depends on the seed alone, on every machine, so
/// that a part can be derived from its number without walking through its predecessors.
/// </summary>
internal struct SeededRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    public SeededRandom(ulong seed) => _state = seed;

    /// <summary>The seed of an independent stream: number <paramref name="index"/> of kind <paramref name="stream"/>.</summary>
    public static ulong Derive(ulong seed, ulong stream, long index) =>
        Mix(Mix(Mix(seed + Golden) ^ (stream * 0xD1B54A32D192ED03)) ^ (unchecked((ulong)index) * Golden));

    public ulong NextUInt64() => Mix(_state += Golden);

    /// <summary>0 (inclusive) to 1 (exclusive).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public float Range(double low, double high) => (float)(low + ((high - low) * NextDouble()));

    /// <summary>0..<paramref name="count"/>-1.</summary>
    public int Next(int count) => (int)(NextDouble() * count);

    public bool Chance(double probability) => NextDouble() < probability;

    public T Pick<T>(ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
