using System.Runtime.InteropServices;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>Little-endian elements of any type to float32, rounding to nearest where that is narrower.</summary>
internal static class TensorConversion
{
    /// <summary>Converts elements that lie <paramref name="stride"/> elements apart, until the destination is full.</summary>
    public static void Gather(ElementType type, ReadOnlySpan<byte> source, int stride, Span<float> destination)
    {
        switch (type)
        {
            case ElementType.Float32 when stride == 1:
                source[..(destination.Length * sizeof(float))].CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case ElementType.Float32:
                Each(MemoryMarshal.Cast<byte, float>(source), destination, stride, static v => v);
                break;
            case ElementType.Float16:
                Each(MemoryMarshal.Cast<byte, Half>(source), destination, stride, static v => (float)v);
                break;
            case ElementType.BFloat16:
                Each(MemoryMarshal.Cast<byte, ushort>(source), destination, stride, static v => BitConverter.UInt32BitsToSingle((uint)v << 16));
                break;
            case ElementType.Float64:
                Each(MemoryMarshal.Cast<byte, double>(source), destination, stride, static v => (float)v);
                break;
            case ElementType.Int64:
                Each(MemoryMarshal.Cast<byte, long>(source), destination, stride, static v => v);
                break;
            case ElementType.Int32:
                Each(MemoryMarshal.Cast<byte, int>(source), destination, stride, static v => v);
                break;
            case ElementType.Int16:
                Each(MemoryMarshal.Cast<byte, short>(source), destination, stride, static v => v);
                break;
            case ElementType.Int8:
                Each(MemoryMarshal.Cast<byte, sbyte>(source), destination, stride, static v => v);
                break;
            case ElementType.UInt8:
                Each(source, destination, stride, static v => v);
                break;
            case ElementType.Bool:
                Each(source, destination, stride, static v => v == 0 ? 0 : 1);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "no such element type");
        }
    }

    private static void Each<T>(ReadOnlySpan<T> source, Span<float> destination, int stride, Func<T, float> convert)
    {
        for (int i = 0, at = 0; i < destination.Length; i++, at += stride)
            destination[i] = convert(source[at]);
    }
}
