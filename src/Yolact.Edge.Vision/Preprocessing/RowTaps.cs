using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Yolact.Edge.Vision.Preprocessing;

/// <summary>
/// The horizontal half of the resize: reads each output pixel between two neighbouring pixels of an interleaved float row. The
/// row must have its last pixel repeated once and four more floats behind it, for reads of four channels at a time.
/// </summary>
internal static class RowTaps
{
    /// <summary>Floats to keep behind the pixels of a row: one pixel repeated and the reads' overhang.</summary>
    public const int Slack = 8;

    /// <summary>Three channels into three planes.</summary>
    /// <param name="row">Interleaved pixels of <paramref name="channels"/> floats, of which the first three are read.</param>
    /// <param name="channels">Floats from one pixel to the next, 3 or 4.</param>
    /// <param name="taps">Where to read.</param>
    /// <param name="first">The first channel's row of the output, taps.Output floats.</param>
    /// <param name="second">The second channel's.</param>
    /// <param name="third">The third channel's.</param>
    public static void ToPlanes(
        ReadOnlySpan<float> row, int channels, BilinearTaps taps, Span<float> first, Span<float> second, Span<float> third)
    {
        Check(row, channels, taps);
        ReadOnlySpan<int> index = taps.Index;
        ReadOnlySpan<float> weight = taps.Weight;
        ArgumentOutOfRangeException.ThrowIfLessThan(first.Length, index.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(second.Length, index.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(third.Length, index.Length);
        ref float r = ref MemoryMarshal.GetReference(row);
        int i = 0;
        if (Sse.IsSupported || AdvSimd.Arm64.IsSupported)
        {
            ref int x = ref MemoryMarshal.GetReference(index);
            ref float w = ref MemoryMarshal.GetReference(weight);
            ref float a = ref MemoryMarshal.GetReference(first), b = ref MemoryMarshal.GetReference(second);
            ref float c = ref MemoryMarshal.GetReference(third);
            for (; i + 4 <= index.Length; i += 4)
            {
                Vector128<float> p0 = Read(ref r, channels, Unsafe.Add(ref x, i), Unsafe.Add(ref w, i));
                Vector128<float> p1 = Read(ref r, channels, Unsafe.Add(ref x, i + 1), Unsafe.Add(ref w, i + 1));
                Vector128<float> p2 = Read(ref r, channels, Unsafe.Add(ref x, i + 2), Unsafe.Add(ref w, i + 2));
                Vector128<float> p3 = Read(ref r, channels, Unsafe.Add(ref x, i + 3), Unsafe.Add(ref w, i + 3));
                // The upper three rows of a 4 x 4 transposition.
                Vector128<float> low01 = ZipLow(p0, p1), low23 = ZipLow(p2, p3);
                Vector128<float> high01 = ZipHigh(p0, p1), high23 = ZipHigh(p2, p3);
                LowHalves(low01, low23).StoreUnsafe(ref a, (nuint)i);
                HighHalves(low01, low23).StoreUnsafe(ref b, (nuint)i);
                LowHalves(high01, high23).StoreUnsafe(ref c, (nuint)i);
            }
        }
        for (; i < index.Length; i++)
        {
            Vector128<float> pixel = Read(ref r, channels, index[i], weight[i]);
            first[i] = pixel[0];
            second[i] = pixel[1];
            third[i] = pixel[2];
        }
    }

    /// <summary>One channel.</summary>
    /// <param name="row">One float a pixel.</param>
    /// <param name="taps">Where to read.</param>
    /// <param name="output">taps.Output floats.</param>
    public static void ToPlane(ReadOnlySpan<float> row, BilinearTaps taps, Span<float> output)
    {
        Check(row, 1, taps);
        ReadOnlySpan<int> index = taps.Index;
        ReadOnlySpan<float> weight = taps.Weight;
        for (int i = 0; i < index.Length; i++)
        {
            float low = row[index[i]];
            output[i] = low + (weight[i] * (row[index[i] + 1] - low));
        }
    }

    private static void Check(ReadOnlySpan<float> row, int channels, BilinearTaps taps) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(row.Length, (taps.Input * channels) + Slack);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Read(ref float row, int channels, int index, float weight)
    {
        Vector128<float> low = Vector128.LoadUnsafe(ref row, (nuint)(index * channels));
        Vector128<float> high = Vector128.LoadUnsafe(ref row, (nuint)((index + 1) * channels));
        return low + (Vector128.Create(weight) * (high - low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LowHalves(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.MoveLowToHigh(a, b) : AdvSimd.Arm64.ZipLow(a.AsDouble(), b.AsDouble()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> HighHalves(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.MoveHighToLow(b, a) : AdvSimd.Arm64.ZipHigh(a.AsDouble(), b.AsDouble()).AsSingle();
}
