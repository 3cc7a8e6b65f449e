using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Recordings;

namespace Yolact.Edge.Capture.Tests.Recordings;

public sealed class RecordingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("recording").FullName;
    private readonly FramePool _pool = new();

    private string File1 => Path.Combine(_folder, "a.yrec");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_format_and_stride_comes_back_bit_exact() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 40], Gen.Enum<PixelFormat>(), Gen.Int[0, 9], Gen.Enum<RecordingCompression>(), Gen.Int).Sample(
            (width, height, format, padding, compression, seed) =>
            {
                var random = new Random(seed);
                FrameLayout packed = FrameLayout.Packed(width, height, format);
                var layout = new FrameLayout(width, height, format, packed.Stride + padding,
                    format == PixelFormat.Nv12 ? ((packed.Stride + padding) * height) + padding : 0,
                    format == PixelFormat.Nv12 ? packed.ChromaStride + padding : 0);
                using Frame frame = _pool.Rent(layout);
                random.NextBytes(frame.Pixels);
                frame.Sequence = random.NextInt64();
                frame.Time = new(new(random.NextInt64()), FrameTimeMeaning.ReadoutEnd, TimeSpan.FromTicks(7), random.Next(2) == 0 ? null : TimeSpan.FromTicks(9));
                string path = Path.Combine(_folder, Guid.NewGuid().ToString());
                using (var writer = new RecordingWriter(path, compression))
                {
                    Assert.True(writer.Write(frame));
                    writer.Finish();
                }
                using var reader = new RecordingReader(path, _pool);
                using Frame back = reader.Next()!.Value.Frame!;
                Assert.Null(reader.Next());
                Assert.True(reader.IsComplete);
                Assert.Equal((frame.Sequence, frame.Time, packed), (back.Sequence, back.Time, back.Layout));
                for (int y = 0; y < height; y++)
                    Assert.True(frame.Row(y).SequenceEqual(back.Row(y)));
                for (int y = 0; format == PixelFormat.Nv12 && y < (height + 1) / 2; y++)
                {
                    Assert.True(frame.Pixels.Slice(layout.ChromaOffset + (y * layout.ChromaStride), packed.ChromaStride)
                        .SequenceEqual(back.Pixels.Slice(packed.ChromaOffset + (y * packed.ChromaStride), packed.ChromaStride)));
                }
            }, iter: 60, threads: 1);

    [Fact]
    public void Frames_and_edges_keep_their_order_and_the_file_appears_when_it_is_complete()
    {
        using (var writer = new RecordingWriter(File1))
        {
            WriteAll(writer, 3);
            Assert.False(File.Exists(File1));
            writer.Finish();
        }
        using var reader = new RecordingReader(File1, _pool);
        Assert.Equal("FEFEFE", ReadAll(reader));
        Assert.True(reader.IsComplete);
        reader.Rewind();
        Assert.Equal("FEFEFE", ReadAll(reader));
        Assert.Equal([File1], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_recording_given_up_leaves_nothing_behind()
    {
        using (var writer = new RecordingWriter(File1))
            WriteAll(writer, 2);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_full_recording_refuses_frames_and_can_still_be_finished()
    {
        using (var writer = new RecordingWriter(File1, RecordingCompression.Raw, maxBytes: 2048))
        {
            using Frame frame = MakeFrame(0);
            int written = 0;
            while (writer.Write(frame))
                written++;
            writer.Finish();
            Assert.InRange(written, 1, 7);
        }
        Assert.True(new FileInfo(File1).Length <= 2048);
        using var reader = new RecordingReader(File1, _pool);
        ReadAll(reader);
        Assert.True(reader.IsComplete);
    }

    [Fact]
    public void Wherever_it_was_cut_off_what_comes_before_is_read()
    {
        byte[] whole = Recorded(4);
        string all = "FEFEFEFE";
        for (int length = 8; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(File1, whole[..length]);
            using var reader = new RecordingReader(File1, _pool);
            Assert.StartsWith(ReadAll(reader), all, StringComparison.Ordinal);
            Assert.False(reader.IsComplete);
            Assert.Contains("cut off", reader.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Whatever_byte_is_damaged_is_noticed()
    {
        byte[] whole = Recorded(2);
        Gen.Select(Gen.Int[8, whole.Length - 1], Gen.Int[1, 255]).Sample((at, flip) =>
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)flip;
            string path = Path.Combine(_folder, Guid.NewGuid().ToString());
            File.WriteAllBytes(path, damaged);
            using var reader = new RecordingReader(path, _pool);
            Assert.StartsWith(ReadAll(reader), "FEFE", StringComparison.Ordinal);
            Assert.NotNull(reader.Problem);
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void Any_bytes_end_without_a_crash() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            string path = Path.Combine(_folder, Guid.NewGuid().ToString());
            File.WriteAllBytes(path, [.. "YolRec1\n"u8, .. bytes]);
            using var reader = new RecordingReader(path, _pool);
            ReadAll(reader);
            Assert.NotNull(reader.Problem);
        }, iter: 300, threads: 1);

    [Fact]
    public void Another_file_is_refused()
    {
        File.WriteAllText(File1, "no recording");
        Assert.Contains("is no recording", Assert.Throws<InvalidDataException>(() => new RecordingReader(File1, _pool)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_camera_plays_frames_and_edges_moved_to_now()
    {
        File.WriteAllBytes(File1, Recorded(3));
        var seen = new List<(char Kind, long Time, long Sequence)>();
        await using var camera = new RecordingCamera(new() { Kind = CameraKind.Recording, Source = File1 }, _pool, TimeProvider.System);
        camera.Line("barrier").Changed += e => seen.Add(('E', e.Time.Nanoseconds, e.Sequence));
        long before = MonotonicTime.Now(TimeProvider.System).Nanoseconds;
        await camera.StartAsync(f =>
        {
            seen.Add(('F', f.Picture.Time.Time.Nanoseconds, f.Picture.Sequence));
            f.Dispose();
        }, TestContext.Current.CancellationToken);
        await camera.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("FEFEFE", string.Concat(seen.Select(s => s.Kind)));
        Assert.True(seen[0].Time >= before, "times begin at the start");
        Assert.Equal([0, 1_000_000, 10_000_000, 11_000_000, 20_000_000, 21_000_000], seen.Select(s => s.Time - seen[0].Time));
        Assert.Equal(CameraState.Ended, camera.State);
        Assert.Equal(FrameTimeMeaning.ReadoutEnd, camera.Timing.Meaning);
    }

    [Fact]
    public async Task Looping_numbers_go_on()
    {
        File.WriteAllBytes(File1, Recorded(3));
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var numbers = new List<long>();
        await using var camera = new RecordingCamera(new() { Kind = CameraKind.Recording, Source = File1, Loop = true }, _pool, TimeProvider.System, unpaced: true);
        await camera.StartAsync(f =>
        {
            numbers.Add(f.Picture.Sequence);
            f.Dispose();
            if (numbers.Count == 8)
                enough.SetResult();
        }, TestContext.Current.CancellationToken);
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await camera.StopAsync();
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], numbers.Take(8));
    }

    private byte[] Recorded(int frames)
    {
        string path = Path.Combine(_folder, "recorded");
        using (var writer = new RecordingWriter(path))
        {
            WriteAll(writer, frames);
            writer.Finish();
        }
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }

    private void WriteAll(RecordingWriter writer, int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            using Frame frame = MakeFrame(i);
            writer.Write(frame);
            writer.Write("barrier", new(new((i * 10_000_000) + 1_000_000), LineEdge.Rising, i));
        }
    }

    private Frame MakeFrame(int i)
    {
        Frame frame = _pool.Rent(FrameLayout.Packed(16, 16, PixelFormat.Gray8));
        frame.Pixels.Fill((byte)i);
        frame.Sequence = i;
        frame.Time = new(new(i * 10_000_000), FrameTimeMeaning.ReadoutEnd, TimeSpan.Zero);
        return frame;
    }

    private static string ReadAll(RecordingReader reader)
    {
        string read = "";
        while (reader.Next() is { } item)
        {
            read += item.Frame is null ? 'E' : 'F';
            item.Frame?.Dispose();
        }
        return read;
    }
}
