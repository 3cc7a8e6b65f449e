using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Masks;

/// <summary>
/// A detection's soft mask at prototype size: sigmoid(sum over d of coefficient[d] * prototype[d]) inside its crop, zero
/// elsewhere (layers/output_utils.py:67-78 of dbolya/yolact). Only pixels inside the crop are computed.
/// </summary>
internal static class SoftMask
{
    private static readonly int Block = 4 * Vector<float>.Count;

    /// <summary>
    /// Floats that <see cref="Assemble"/> wants behind the last prototype, and the length that a row's scratch has beyond the
    /// mask's width.
    /// </summary>
    public static int Slack => Block;

    /// <summary>Computes the pixels inside the crop; leaves all others as they are.</summary>
    /// <param name="prototypes"><c>[D, H, W]</c> and <see cref="Slack"/> more floats, of any finite value.</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <param name="coefficients"><c>[D]</c>.</param>
    /// <param name="crop">Inside W x H.</param>
    /// <param name="mask"><c>[H, W]</c>.</param>
    /// <param name="scratch">W + <see cref="Slack"/> floats.</param>
    public static void Assemble(
        ReadOnlySpan<float> prototypes, int width, int height, ReadOnlySpan<float> coefficients, PixelRect crop, Span<float> mask,
        Span<float> scratch)
    {
        int area = width * height;
        ArgumentOutOfRangeException.ThrowIfLessThan(prototypes.Length, (coefficients.Length * area) + Slack);
        for (int y = crop.Y; y < crop.Bottom; y++)
        {
            int from = (y * width) + crop.X;
            for (int x = 0; x < crop.Width; x += Block)
                Combine(prototypes[(from + x)..], area, coefficients, scratch[x..]);
            TensorPrimitives.Sigmoid(scratch[..crop.Width], mask.Slice(from, crop.Width));
        }
    }

    private static void Combine(ReadOnlySpan<float> prototypes, int area, ReadOnlySpan<float> coefficients, Span<float> sums)
    {
        Vector<float> a = default, b = default, c = default, d = default;
        nuint lanes = (nuint)Vector<float>.Count;
        // One check for all planes: the last one's reads are the farthest.
        ref float plane = ref MemoryMarshal.GetReference(prototypes[..(((coefficients.Length - 1) * area) + Block)]);
        foreach (float one in coefficients)
        {
            var coefficient = new Vector<float>(one);
            a = Vector.FusedMultiplyAdd(coefficient, Vector.LoadUnsafe(ref plane), a);
            b = Vector.FusedMultiplyAdd(coefficient, Vector.LoadUnsafe(ref plane, lanes), b);
            c = Vector.FusedMultiplyAdd(coefficient, Vector.LoadUnsafe(ref plane, 2 * lanes), c);
            d = Vector.FusedMultiplyAdd(coefficient, Vector.LoadUnsafe(ref plane, 3 * lanes), d);
            plane = ref Unsafe.Add(ref plane, area);
        }
        a.CopyTo(sums);
        b.CopyTo(sums[(int)lanes..]);
        c.CopyTo(sums[(2 * (int)lanes)..]);
        d.CopyTo(sums[(3 * (int)lanes)..]);
    }
}
