using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Yolact.Edge.Imaging.Rle;

namespace Yolact.Edge.Imaging.Tests.Rle;

public class RunLengthTests
{
    private sealed record Known(int Area, int[] Size, string Counts);

    [Fact]
    public void A_known_small_mask_has_the_known_runs_and_string()
    {
        BinaryMask mask = ScalarMask.Parse(".##.", "##..", "...#").ToBinaryMask();
        Assert.Equal([1, 1, 1, 2, 1, 1, 4, 1], RunLengthEncoder.EncodeRuns(mask));
        Assert.Equal("11110O30", RunLengthEncoder.EncodeToString(mask));
    }

    [Fact]
    public void Empty_and_full_masks_have_one_and_two_runs()
    {
        BinaryMask empty = new(5, 4, default, default);
        Assert.Equal([20], RunLengthEncoder.EncodeRuns(empty));
        BinaryMask full = ScalarMask.Parse("###", "###").ToBinaryMask();
        Assert.Equal([0, 6], RunLengthEncoder.EncodeRuns(full));
        Assert.Equal("06", RunLengthEncoder.EncodeToString(full));
    }

    [Fact]
    public void Reference_masks_decode_and_encode_to_the_same_string()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "data", "rle", "masks.json");
        Known[] known = JsonSerializer.Deserialize<Known[]>(File.ReadAllText(path), JsonSerializerOptions.Web)!;
        Assert.NotEmpty(known);
        foreach (Known one in known)
        {
            BinaryMask mask = RunLengthDecoder.Decode(one.Size[1], one.Size[0], one.Counts);
            Assert.Equal(one.Area, mask.Area());
            Assert.Equal(one.Counts, RunLengthEncoder.EncodeToString(mask));
        }
    }

    [Fact]
    public void Encoding_equals_the_scalar_version() => ScalarMask.Gen.Sample(scalar =>
    {
        BinaryMask mask = scalar.ToBinaryMask();
        int[] runs = scalar.Runs();
        Assert.Equal(runs, RunLengthEncoder.EncodeRuns(mask));
        Assert.Equal(ScalarMask.Compress(runs), RunLengthEncoder.EncodeToString(mask));
    });

    [Fact]
    public void Decoding_gives_the_mask_back_from_both_forms() => ScalarMask.Gen.Sample(scalar =>
    {
        int[] runs = scalar.Runs();
        BinaryMask compressed = RunLengthDecoder.Decode(scalar.Width, scalar.Height, ScalarMask.Compress(runs));
        BinaryMask plain = RunLengthDecoder.FromRuns(scalar.Width, scalar.Height, runs);
        Assert.True(scalar.SamePixels(ScalarMask.From(compressed)));
        Assert.True(scalar.SamePixels(ScalarMask.From(plain)));
        Assert.Equal(scalar.BoundingBox(), compressed.Region);
    });

    [Fact]
    public void Long_runs_take_every_number_of_characters() => Gen.Int[1, 1 << 27].Sample(first =>
    {
        int[] runs = [first, 1, (1 << 28) - first - 1];
        BinaryMask mask = RunLengthDecoder.FromRuns(1 << 14, 1 << 14, runs[2] > 0 ? runs : runs[..2]);
        Assert.Equal(ScalarMask.Compress(RunLengthEncoder.EncodeRuns(mask)), RunLengthEncoder.EncodeToString(mask));
        Assert.Equal(runs, RunLengthEncoder.EncodeRuns(mask));
    });

    [Fact]
    public void Groups_of_five_bits_are_spread_the_same_without_the_instruction() => Gen.ULong.Sample(value =>
    {
        ulong expected = 0;
        for (int group = 0; group < 8; group++)
            expected |= ((value >> (5 * group)) & 31) << (8 * group);
        Assert.Equal(expected, RunFormatter.SpreadByHalves(value));
    });

    [Fact]
    public void A_span_takes_exactly_what_fits() => ScalarMask.Gen.Sample(scalar =>
    {
        BinaryMask mask = scalar.ToBinaryMask();
        string counts = RunLengthEncoder.EncodeToString(mask);
        byte[] exact = new byte[counts.Length];
        Assert.True(RunLengthEncoder.TryEncode(mask, exact, out int written));
        Assert.Equal(counts, Encoding.ASCII.GetString(exact, 0, written));
        Assert.False(RunLengthEncoder.TryEncode(mask, exact.AsSpan(1), out written));
        Assert.Equal(0, written);
    });

    [Fact]
    public void A_checkerboard_of_many_chunks_encodes_without_allocating()
    {
        const int Side = 200;
        bool[,] pixels = new bool[Side, Side];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
                pixels[y, x] = ((x + y) & 1) == 0;
        }
        ScalarMask scalar = new(Side, Side, new PixelRect(0, 0, Side, Side), pixels);
        BinaryMask mask = scalar.ToBinaryMask();
        ArrayBufferWriter<byte> writer = new(1 << 18);
        RunLengthEncoder.Encode(mask, writer);
        Assert.Equal(ScalarMask.Compress(scalar.Runs()), Encoding.ASCII.GetString(writer.WrittenSpan));

        writer.ResetWrittenCount();
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunLengthEncoder.Encode(mask, writer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(4, 3, "", "add up to 0 px")]
    [InlineData(4, 3, ";", "add up to 11 px")]
    [InlineData(4, 3, "=", "is 13 long")]
    [InlineData(4, 3, "77", "more than the picture's 12 px")]
    [InlineData(4, 3, "L", "is -4 long")]
    [InlineData(4, 3, "222K", "is -3 long")]
    [InlineData(4, 3, "P", "end within the run")]
    [InlineData(4, 3, "!", "character 0 (code 33)")]
    [InlineData(4, 3, "1\u00e91", "character 1 (code")]
    [InlineData(4, 3, "1\u20ac1", "character 1 (code")]
    [InlineData(4, 3, "oooooooooooooooo0", "more than 7 characters")]
    [InlineData(0, 3, "0", "0 x 3 px")]
    [InlineData(-4, -3, "<", "-4 x -3 px")]
    [InlineData(1 << 20, 1 << 20, "0", "px: both sides")]
    public void Bad_counts_are_refused_with_the_place(int width, int height, string counts, string message)
    {
        FormatException error = Assert.Throws<FormatException>(() => RunLengthDecoder.Decode(width, height, counts));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 6, -1, 7 }, "run 1 is negative")]
    [InlineData(new[] { 6, 7 }, "more than the picture's 12 px")]
    [InlineData(new[] { int.MaxValue, int.MaxValue }, "more than the picture's 12 px")]
    [InlineData(new[] { 6, 5 }, "add up to 11 px")]
    public void Bad_runs_are_refused(int[] runs, string message)
    {
        FormatException error = Assert.Throws<FormatException>(() => RunLengthDecoder.FromRuns(4, 3, runs));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_of_no_length_are_allowed()
    {
        BinaryMask mask = RunLengthDecoder.FromRuns(4, 3, [2, 0, 3, 2, 0, 1, 4, 0]);
        Assert.Equal([5, 3, 4], RunLengthEncoder.EncodeRuns(mask));
    }

    [Fact]
    public void Any_text_is_a_mask_or_a_format_error() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 20], Gen.Byte[48, 111].Array[0, 12]).Sample((width, height, bytes) =>
        {
            try
            {
                BinaryMask mask = RunLengthDecoder.Decode(width, height, bytes);
                Assert.Equal(width * height, RunLengthEncoder.EncodeRuns(mask).Sum());
            }
            catch (FormatException error)
            {
                Assert.StartsWith("RLE counts", error.Message, StringComparison.Ordinal);
            }
        });
}
