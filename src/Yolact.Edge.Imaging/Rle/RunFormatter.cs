using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Yolact.Edge.Imaging.Rle;

/// <summary>
/// Writes run lengths as COCO's compressed `counts`: run i stands as its difference to run i - 2 (from i = 3 on), in groups of 5 bits from
/// the low end, one character a group: 48 + group, plus 32 where another group follows. The last group's top bit is the sign.
/// A run is written branch-free: its groups are spread over 8 bytes at once and the number of groups follows from the leading zeros.
/// </summary>
internal struct RunFormatter
{
    /// <summary>The most characters a run of a picture below 2^31 px takes.</summary>
    public const int MaxCharacters = 7;

    /// <summary>Bytes past the last character that may be overwritten.</summary>
    public const int Overshoot = sizeof(ulong) - 1;

    private const ulong Groups = 0x1F1F_1F1F_1F1F_1F1F, More = 0x2020_2020_2020_2020, Zero = 0x3030_3030_3030_3030;

    private int _edge;
    private int _before;
    private int _twoBefore;
    private int _remember;

    /// <summary>Where the last run ended, in px.</summary>
    public readonly int Edge => _edge;

    /// <summary>Writes the runs that end at <paramref name="edges"/>.</summary>
    /// <param name="edges">Ascending positions in px, the next after those of the last call.</param>
    /// <param name="destination">At least <see cref="MaxCharacters"/> bytes an edge and <see cref="Overshoot"/>.</param>
    /// <returns>Bytes written.</returns>
    public int Format(ReadOnlySpan<int> edges, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, (edges.Length * MaxCharacters) + Overshoot, nameof(destination));
        ref byte start = ref MemoryMarshal.GetReference(destination);
        int edge = _edge, before = _before, twoBefore = _twoBefore, remember = _remember;
        nint written = 0;
        foreach (int next in edges)
        {
            int run = next - edge;
            int difference = run - twoBefore;
            edge = next;
            twoBefore = before;
            before = run & remember; // run 0 is never subtracted
            remember = -1;

            uint magnitude = (uint)(difference ^ (difference >> 31));
            int characters = (int)((37u - (uint)BitOperations.LeadingZeroCount(magnitude)) / 5);
            ulong text = (Spread((ulong)(long)difference) | (More & ((1UL << (8 * (characters - 1))) - 1))) + Zero;
            if (!BitConverter.IsLittleEndian)
                text = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(text);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, written), text);
            written += characters;
        }
        (_edge, _before, _twoBefore, _remember) = (edge, before, twoBefore, remember);
        return (int)written;
    }

    /// <summary>The low 40 bits, 5 to a byte.</summary>
    private static ulong Spread(ulong value) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitDeposit(value, Groups) : SpreadByHalves(value);

    /// <summary><see cref="Spread"/> where no instruction does it (ARM): 40 bits to 2 x 20, 4 x 10, 8 x 5.</summary>
    internal static ulong SpreadByHalves(ulong value)
    {
        value = (value & 0x0000_0000_000F_FFFF) | ((value & 0x0000_00FF_FFF0_0000) << 12);
        value = (value & 0x0000_03FF_0000_03FF) | ((value & 0x000F_FC00_000F_FC00) << 6);
        return (value & 0x001F_001F_001F_001F) | ((value & 0x03E0_03E0_03E0_03E0) << 3);
    }
}
