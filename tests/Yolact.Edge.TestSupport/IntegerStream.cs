using System.Security.Cryptography;
using System.Text;

namespace Yolact.Edge.TestSupport;

/// <summary>
/// The deterministic integers behind synthetic weights: with seed = the first 8 bytes of the name's SHA-256, element i is
/// t = 2 (z >> 40) - (2^24 - 1) with z SplitMix64's finaliser of seed + (i + 1) 0x9E3779B97F4A7C15: odd, in (-2^24, 2^24).
/// </summary>
public readonly struct IntegerStream
{
    private readonly ulong _seed;

    public IntegerStream(string name) => _seed = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public long this[int index]
    {
        get
        {
            ulong z = _seed + ((ulong)(index + 1) * 0x9E3779B97F4A7C15);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return (2 * (long)(z >> 40)) - ((1 << 24) - 1);
        }
    }
}
