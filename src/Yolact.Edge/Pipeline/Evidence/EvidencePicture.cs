using System.Buffers.Binary;
using System.Text;
using Yolact.Edge.Vision.Drawing;

namespace Yolact.Edge.Pipeline.Evidence;

/// <summary>A JPEG file of at most so many bytes, with a comment that says where it belongs.</summary>
internal static class EvidencePicture
{
    /// <summary>Below this a picture is no evidence of anything.</summary>
    public const int LeastQuality = 10;

    private const int QualityStep = 15;

    // JPEG's markers (ITU-T T.81, table B.1): start of image, comment. A segment's length counts itself.
    private const int MarkerBytes = 2, LengthBytes = 2;

    /// <summary>Encodes a picture, at a lower quality where it would be too large.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="quality">The quality wanted, 10..100.</param>
    /// <param name="comment">ASCII, at most 1000 characters; every JPEG reader shows it.</param>
    /// <param name="maxBytes">The most that the file may have.</param>
    /// <returns>The file; null where it is too large at every quality.</returns>
    public static byte[]? Encode(Overlay picture, int quality, string comment, int maxBytes)
    {
        int segment = MarkerBytes + LengthBytes + Encoding.ASCII.GetByteCount(comment);
        for (int next = quality; ; next = Math.Max(next - QualityStep, LeastQuality))
        {
            byte[] jpeg = picture.Encode(OverlayFormat.Jpeg, next);
            if (jpeg.Length + segment <= maxBytes)
                return WithComment(jpeg, comment, segment);
            if (next == LeastQuality)
                return null;
        }
    }

    private static byte[] WithComment(byte[] jpeg, string comment, int segment)
    {
        var file = new byte[jpeg.Length + segment];
        jpeg.AsSpan(0, MarkerBytes).CopyTo(file); // start of image
        file[2] = 0xFF;
        file[3] = 0xFE;
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(4), (ushort)(segment - MarkerBytes));
        Encoding.ASCII.GetBytes(comment, file.AsSpan(6));
        jpeg.AsSpan(MarkerBytes).CopyTo(file.AsSpan(MarkerBytes + segment));
        return file;
    }
}
