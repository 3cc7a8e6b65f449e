using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Pictures;

namespace Yolact.Edge.Vision.Tests.Pictures;

public sealed class PictureFileTests : IDisposable
{
    private static readonly FramePool Pool = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-pictures-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 0)]
    [InlineData(SKEncodedImageFormat.Webp, 40)]
    [InlineData(SKEncodedImageFormat.Jpeg, 40)]
    public void Encoded_pictures_come_back(SKEncodedImageFormat format, int tolerance)
    {
        using SKBitmap bitmap = Gradient(37, 23);
        using Frame frame = PictureFile.Decode(bitmap.Encode(format, 95).ToArray(), "x", Pool);
        Assert.Equal((37, 23, PixelFormat.Bgrx32), (frame.Width, frame.Height, frame.Format));
        for (int y = 0; y < 23; y++)
        {
            for (int x = 0; x < 37; x++)
            {
                SKColor expected = bitmap.GetPixel(x, y);
                Span<byte> pixel = frame.Row(y).Slice(4 * x, 3);
                Assert.InRange(pixel[0] - expected.Blue, -tolerance, tolerance);
                Assert.InRange(pixel[1] - expected.Green, -tolerance, tolerance);
                Assert.InRange(pixel[2] - expected.Red, -tolerance, tolerance);
            }
        }
    }

    [Fact]
    public void Transparency_is_dropped_and_not_blended()
    {
        byte[] png = Png(2, 1, 8, colorType: 6, [0, 200, 100, 50, 0, 10, 20, 30, 128]);
        using Frame frame = PictureFile.Decode(png, "x", Pool);
        Assert.Equal([50, 100, 200], frame.Row(0)[..3].ToArray());
        Assert.Equal([30, 20, 10], frame.Row(0).Slice(4, 3).ToArray());
    }

    [Fact]
    public void Sixteen_bit_samples_are_cut_to_eight()
    {
        byte[] png = Png(2, 1, 16, colorType: 2, [0, 0x12, 0xF0, 0x34, 0x01, 0x56, 0x80, 0xFF, 0xFF, 0x00, 0x80, 0x7F, 0x7F]);
        using Frame frame = PictureFile.Decode(png, "x", Pool);
        Assert.Equal([0x56, 0x34, 0x12], frame.Row(0)[..3].ToArray());
        Assert.Equal([0x7F, 0x00, 0xFF], frame.Row(0).Slice(4, 3).ToArray());
    }

    [Fact]
    public void Gray_pictures_have_three_equal_channels()
    {
        using Frame frame = PictureFile.Decode(Png(3, 1, 8, colorType: 0, [0, 7, 130, 255]), "x", Pool);
        Assert.Equal([7, 7, 7, 255, 130, 130, 130, 255, 255, 255, 255, 255], frame.Row(0).ToArray());
    }

    [Fact]
    public void A_cmyk_jpeg_is_converted()
    {
        using Frame frame = PictureFile.Read(Path.Combine(AppContext.BaseDirectory, "pictures", "cmyk.jpg"), Pool);
        Assert.Equal((16, 16), (frame.Width, frame.Height));
        // Left half: cyan ink; right half: yellow ink.
        Span<byte> cyan = frame.Row(8).Slice(4 * 3, 3), yellow = frame.Row(8).Slice(4 * 12, 3);
        Assert.True(cyan[0] > 200 && cyan[2] < 60, $"cyan is {cyan[0]} {cyan[1]} {cyan[2]}");
        Assert.True(yellow[0] < 60 && yellow[2] > 200, $"yellow is {yellow[0]} {yellow[1]} {yellow[2]}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Pictures_are_turned_upright_as_exif_says(int orientation)
    {
        // Two blocks wide, one high: red left, green right; JPEG blocks of 8 px keep flat colours nearly exact.
        using var bitmap = new SKBitmap(48, 16, SKColorType.Bgra8888, SKAlphaType.Opaque);
        for (int y = 0; y < 16; y++)
        {
            for (int x = 0; x < 48; x++)
                bitmap.SetPixel(x, y, x < 16 ? SKColors.Red : x < 32 ? SKColors.Blue : y < 8 ? SKColors.White : SKColors.Black);
        }
        byte[] jpeg = WithOrientation(bitmap.Encode(SKEncodedImageFormat.Jpeg, 100).ToArray(), orientation);
        using Frame frame = PictureFile.Decode(jpeg, "x", Pool);
        Assert.Equal(orientation >= 5 ? (16, 48) : (48, 16), (frame.Width, frame.Height));
        for (int y = 0; y < frame.Height; y++)
        {
            for (int x = 0; x < frame.Width; x++)
            {
                // Where the stored pixel of an upright one lies, from the table of the EXIF standard.
                (int sx, int sy) = orientation switch
                {
                    2 => (47 - x, y),
                    3 => (47 - x, 15 - y),
                    4 => (x, 15 - y),
                    5 => (y, x),
                    6 => (y, 15 - x),
                    7 => (47 - y, 15 - x),
                    8 => (47 - y, x),
                    _ => (x, y),
                };
                // Chroma is stored at half size: stay away from the edges of the colours.
                if (sx % 16 is < 3 or > 12 || sy % 8 is < 3 or > 4)
                    continue;
                SKColor expected = bitmap.GetPixel(sx, sy);
                Span<byte> pixel = frame.Row(y).Slice(4 * x, 3);
                Assert.InRange(pixel[0] - expected.Blue, -12, 12);
                Assert.InRange(pixel[1] - expected.Green, -12, 12);
                Assert.InRange(pixel[2] - expected.Red, -12, 12);
            }
        }
    }

    [Fact]
    public void What_is_no_picture_is_named()
    {
        string text = Path.Combine(_folder.FullName, "text.png");
        File.WriteAllText(text, "no picture");
        PictureException error = Assert.Throws<PictureException>(() => PictureFile.Read(text, Pool));
        Assert.Contains("text.png", error.Message, StringComparison.Ordinal);
        Assert.Throws<PictureException>(() => PictureFile.Decode([], "empty", Pool));
        Assert.Throws<PictureException>(() => PictureFile.Read(Path.Combine(_folder.FullName, "missing.png"), Pool));
        Assert.Throws<PictureException>(() => PictureFile.Read(_folder.FullName, Pool));
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused_or_complete()
    {
        using SKBitmap bitmap = Gradient(64, 64);
        foreach (SKEncodedImageFormat format in new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg,
            SKEncodedImageFormat.Webp })
        {
            byte[] whole = bitmap.Encode(format, 90).ToArray();
            for (int part = 0; part < 8; part++)
                Assert.Throws<PictureException>(() => PictureFile.Decode(whole[..(whole.Length * part / 8)], "cut", Pool)
                    .Dispose());
        }
    }

    [Fact]
    public void A_picture_larger_than_memory_is_refused_by_its_header()
    {
        // 30,000 x 30,000 px in a few bytes.
        byte[] bomb = Png(30000, 30000, 8, colorType: 0, [0]);
        PictureException error = Assert.Throws<PictureException>(() => PictureFile.Decode(bomb, "bomb", Pool));
        Assert.Contains("30000 x 30000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20000, 10)]
    public void Extreme_shapes_are_read(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        bitmap.Erase(SKColors.Orange);
        using Frame frame = PictureFile.Decode(bitmap.Encode(SKEncodedImageFormat.Png, 90).ToArray(), "x", Pool);
        Assert.Equal((width, height), (frame.Width, frame.Height));
        Assert.Equal([0, 165, 255], frame.Row(height - 1).Slice(4 * (width - 1), 3).ToArray());
    }

    private static SKBitmap Gradient(int width, int height)
    {
        var bitmap = new SKBitmap(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 255 / width), (byte)(y * 255 / height), (byte)((x + y) * 2)));
        }
        return bitmap;
    }

    // A PNG of given raw rows (each with its filter byte).
    private static byte[] Png(int width, int height, byte depth, byte colorType, byte[] rows)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colorType);
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(rows);
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. type, .. data];
        file.Write(body);
        uint crc = uint.MaxValue;
        foreach (byte b in body)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        file.Write(number);
    }

    // Puts an EXIF segment with one tag behind the JPEG's first marker.
    private static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0,
            (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg.AsSpan(0, 2), .. exif, .. jpeg.AsSpan(2)];
    }
}
