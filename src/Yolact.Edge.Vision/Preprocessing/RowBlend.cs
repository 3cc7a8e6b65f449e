using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Yolact.Edge.Vision.Preprocessing;

/// <summary>The vertical half of the resize: out = upper + weight * (lower - upper), for every byte of two rows.</summary>
internal static class RowBlend
{
    /// <summary>Blends two rows.</summary>
    /// <param name="upper">One row.</param>
    /// <param name="lower">The one below, as long.</param>
    /// <param name="weight">The lower row's share, 0..1.</param>
    /// <param name="blended">As long.</param>
    public static void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, float weight, Span<float> blended)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lower.Length, upper.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(blended.Length, upper.Length);
        ref byte a = ref MemoryMarshal.GetReference(upper);
        ref byte b = ref MemoryMarshal.GetReference(lower);
        ref float o = ref MemoryMarshal.GetReference(blended);
        int i = 0;
        if (Avx2.IsSupported)
        {
            Vector256<float> w = Vector256.Create(weight);
            for (; i + 16 <= upper.Length; i += 16)
            {
                Vector128<byte> va = Vector128.LoadUnsafe(ref a, (nuint)i), vb = Vector128.LoadUnsafe(ref b, (nuint)i);
                Lerp(Avx2.ConvertToVector256Int32(va), Avx2.ConvertToVector256Int32(vb), w).StoreUnsafe(ref o, (nuint)i);
                va = Vector128.Shuffle(va.AsUInt64(), Vector128.Create(1ul, 1)).AsByte();
                vb = Vector128.Shuffle(vb.AsUInt64(), Vector128.Create(1ul, 1)).AsByte();
                Lerp(Avx2.ConvertToVector256Int32(va), Avx2.ConvertToVector256Int32(vb), w).StoreUnsafe(ref o, (nuint)i + 8);
            }
        }
        else
        {
            Vector128<float> w = Vector128.Create(weight);
            for (; i + 16 <= upper.Length; i += 16)
            {
                (Vector128<ushort> a0, Vector128<ushort> a1) = Vector128.Widen(Vector128.LoadUnsafe(ref a, (nuint)i));
                (Vector128<ushort> b0, Vector128<ushort> b1) = Vector128.Widen(Vector128.LoadUnsafe(ref b, (nuint)i));
                Lerp(Vector128.WidenLower(a0), Vector128.WidenLower(b0), w).StoreUnsafe(ref o, (nuint)i);
                Lerp(Vector128.WidenUpper(a0), Vector128.WidenUpper(b0), w).StoreUnsafe(ref o, (nuint)i + 4);
                Lerp(Vector128.WidenLower(a1), Vector128.WidenLower(b1), w).StoreUnsafe(ref o, (nuint)i + 8);
                Lerp(Vector128.WidenUpper(a1), Vector128.WidenUpper(b1), w).StoreUnsafe(ref o, (nuint)i + 12);
            }
        }
        for (; i < upper.Length; i++)
            blended[i] = upper[i] + (weight * (lower[i] - upper[i]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Lerp(Vector256<int> a, Vector256<int> b, Vector256<float> w) =>
        Vector256.ConvertToSingle(a) + (w * Vector256.ConvertToSingle(b - a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Lerp(Vector128<uint> a, Vector128<uint> b, Vector128<float> w) =>
        Vector128.ConvertToSingle(a.AsInt32()) + (w * Vector128.ConvertToSingle(b.AsInt32() - a.AsInt32()));
}
