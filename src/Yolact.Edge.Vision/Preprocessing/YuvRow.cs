using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Yolact.Edge.Vision.Preprocessing;

/// <summary>
/// Turns a row of Y'CbCr into 8-bit B, G, R, 255, by ITU-R BT.601 with limited range (Y' 16..235, Cb and Cr 16..240), which is
/// what V4L2 and GStreamer cameras deliver unless they say otherwise. Chroma is repeated, not interpolated. In 14-bit fixed
/// point: R = 1.164 (Y'-16) + 1.596 (Cr-128); G = 1.164 (Y'-16) - 0.392 (Cb-128) - 0.813 (Cr-128); B = 1.164 (Y'-16) + 2.017
/// (Cb-128).
/// </summary>
internal static class YuvRow
{
    internal const int Luma = 19077, RedCr = 26149, GreenCb = 6419, GreenCr = 13320, BlueCb = 33050;
    internal const int Shift = 14, Half = 1 << (Shift - 1);

    /// <summary>A row of NV12.</summary>
    /// <param name="luma">Y' of each pixel.</param>
    /// <param name="chroma">Cb and Cr of each two pixels: at least (pixels + 1) / 2 * 2 bytes.</param>
    /// <param name="bgrx">Four bytes a pixel.</param>
    /// <param name="pixels">How many.</param>
    public static void FromNv12(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> chroma, Span<byte> bgrx, int pixels)
    {
        Vector128<byte> pickCb = Vector128.Create((byte)0, 16, 16, 16, 0, 16, 16, 16, 2, 16, 16, 16, 2, 16, 16, 16);
        Vector128<byte> pickCr = Vector128.Create((byte)1, 16, 16, 16, 1, 16, 16, 16, 3, 16, 16, 16, 3, 16, 16, 16);
        Vector128<byte> pickY = Vector128.Create((byte)0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 3, 16, 16, 16);
        int x = 0;
        for (; x + 4 <= pixels; x += 4)
        {
            Vector128<byte> y = Vector128.CreateScalar(Read32(luma, x)).AsByte();
            Vector128<byte> c = Vector128.CreateScalar(Read32(chroma, x)).AsByte();
            Convert(Pick(y, pickY), Pick(c, pickCb), Pick(c, pickCr)).CopyTo(bgrx[(x * 4)..]);
        }
        for (; x < pixels; x++)
            ConvertOne(luma[x], chroma[x & ~1], chroma[x | 1], bgrx.Slice(x * 4, 4));
    }

    /// <summary>A row of YUY2.</summary>
    /// <param name="packed">Y0, Cb, Y1, Cr of each two pixels.</param>
    /// <param name="bgrx">Four bytes a pixel.</param>
    /// <param name="pixels">How many.</param>
    public static void FromYuy2(ReadOnlySpan<byte> packed, Span<byte> bgrx, int pixels)
    {
        Vector128<byte> pickY = Vector128.Create((byte)0, 16, 16, 16, 2, 16, 16, 16, 4, 16, 16, 16, 6, 16, 16, 16);
        Vector128<byte> pickCb = Vector128.Create((byte)1, 16, 16, 16, 1, 16, 16, 16, 5, 16, 16, 16, 5, 16, 16, 16);
        Vector128<byte> pickCr = Vector128.Create((byte)3, 16, 16, 16, 3, 16, 16, 16, 7, 16, 16, 16, 7, 16, 16, 16);
        int x = 0;
        for (; x + 4 <= pixels; x += 4)
        {
            Vector128<byte> four = Vector128.CreateScalar(MemoryMarshal.Read<ulong>(packed[(x * 2)..])).AsByte();
            Convert(Pick(four, pickY), Pick(four, pickCb), Pick(four, pickCr)).CopyTo(bgrx[(x * 4)..]);
        }
        for (; x < pixels; x++)
            ConvertOne(packed[x * 2], packed[((x & ~1) * 2) + 1], packed[((x & ~1) * 2) + 3], bgrx.Slice(x * 4, 4));
    }

    private static uint Read32(ReadOnlySpan<byte> bytes, int at) => MemoryMarshal.Read<uint>(bytes[at..]);

    // Index 16 is out of range and gives zero: each picked byte becomes a 32-bit number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pick(Vector128<byte> bytes, Vector128<byte> indices) =>
        Vector128.Shuffle(bytes, indices).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Convert(Vector128<int> y, Vector128<int> cb, Vector128<int> cr)
    {
        Vector128<int> luma = ((y - Vector128.Create(16)) * Luma) + Vector128.Create(Half);
        cb -= Vector128.Create(128);
        cr -= Vector128.Create(128);
        Vector128<int> red = Clamp((luma + (cr * RedCr)) >> Shift);
        Vector128<int> green = Clamp((luma - (cb * GreenCb) - (cr * GreenCr)) >> Shift);
        Vector128<int> blue = Clamp((luma + (cb * BlueCb)) >> Shift);
        return (blue | (green << 8) | (red << 16) | Vector128.Create(255 << 24)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Clamp(Vector128<int> v) =>
        Vector128.Min(Vector128.Max(v, Vector128<int>.Zero), Vector128.Create(255));

    private static void ConvertOne(int y, int cb, int cr, Span<byte> bgrx)
    {
        int luma = ((y - 16) * Luma) + Half;
        cb -= 128;
        cr -= 128;
        bgrx[0] = (byte)Math.Clamp((luma + (cb * BlueCb)) >> Shift, 0, 255);
        bgrx[1] = (byte)Math.Clamp((luma - (cb * GreenCb) - (cr * GreenCr)) >> Shift, 0, 255);
        bgrx[2] = (byte)Math.Clamp((luma + (cr * RedCr)) >> Shift, 0, 255);
        bgrx[3] = 255;
    }
}
