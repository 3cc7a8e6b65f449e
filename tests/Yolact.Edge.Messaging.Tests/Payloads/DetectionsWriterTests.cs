using System.Text.Json.Nodes;
using CsCheck;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Rle;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;

namespace Yolact.Edge.Messaging.Tests.Payloads;

public sealed class DetectionsWriterTests
{
    private readonly PayloadPool _pool = new();

    [Fact]
    public void A_message_names_edge_frame_and_their_difference()
    {
        JsonNode message = Write(new(), Samples.Objects(), out _);
        Assert.Equal(7, (long)message["trigger"]!["edge_id"]!);
        Assert.Equal(10_000_000, (long)message["trigger"]!["frame_minus_edge_ns"]!);
        Assert.Equal("exposure_start", (string?)message["frame"]!["time_meaning"]);
        Assert.Equal("2026-11-23T01:02:03.356Z", (string?)message["frame"]!["utc"]);
    }

    [Fact]
    public void The_run_lengths_give_the_mask_back()
    {
        JsonNode mask = Write(new(), Samples.Objects(1), out _)["objects"]![0]!["mask"]!;
        BinaryMask read = RunLengthDecoder.Decode((int)mask["size"]![1]!, (int)mask["size"]![0]!, (string)mask["counts"]!);
        BinaryMask expected = Samples.Ring();
        for (int y = 0; y < 12; y++)
        {
            for (int x = 0; x < 16; x++)
                Assert.Equal(expected[x, y], read[x, y]);
        }
    }

    [Fact]
    public void A_mask_at_another_size_than_the_picture_is_left_out()
    {
        var detection = new Detection(0, 0.5f, float.NaN, new Box(0, 0, 1, 1), 0, new BinaryMask(8, 8, new PixelRect(0, 0, 1, 1), new ulong[] { 1 }));
        JsonNode written = Write(new(), [detection], out _)["objects"]![0]!;
        Assert.Null(written["mask"]);
        Assert.Null(written["area"]);
    }

    [Fact]
    public void Every_size_cap_is_kept_by_the_declared_degradation() =>
        Gen.Select(Gen.Int[0, 100], Gen.Int[DetectionsOptions.LeastBytes, 40_000], Gen.Enum<MaskEncoding>(), Gen.Enum<DetectionsProfile>()).Sample((count, cap, masks, profile) =>
        {
            var options = new DetectionsOptions { MaxBytes = cap, Masks = masks, Profile = profile };
            using PayloadBuffer buffer = _pool.Rent();
            Truncation truncation = new DetectionsWriter(options).Write(Samples.Triggered(Samples.Stamp(), Samples.Objects(count), []), buffer);
            JsonNode message = JsonNode.Parse(buffer.WrittenSpan)!;
            int written = message["objects"]!.AsArray().Count;
            return buffer.Length <= cap
                && (int)message["object_count"]! == count
                && (bool)message["truncated"]! == (truncation != Truncation.None)
                && (written == count) == (truncation != Truncation.Objects)
                && (truncation != Truncation.Polygons || (string?)message["objects"]![0]!["mask"]!["encoding"] == "polygon");
        }, iter: 200);

    [Fact]
    public void A_hopeless_cap_leaves_the_trace() =>
        Assert.Empty(Write(new() { MaxBytes = 10 }, Samples.Objects(), out _)["objects"]!.AsArray());

    [Fact]
    public void An_unknown_class_has_an_empty_label() =>
        Assert.Equal("", (string?)Write(new(), [new Detection(9, 0.5f, float.NaN, default, 0, default)], out _)["objects"]![0]!["label"]);

    [Fact]
    public void Writing_allocates_nothing_in_steady_state()
    {
        var writer = new DetectionsWriter(new());
        DetectionsMessage message = Samples.Triggered(Samples.Stamp(), Samples.Objects(20), Samples.Results());
        using PayloadBuffer buffer = _pool.Rent();
        for (int i = 0; i < 100; i++)
            writer.Write(message, buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            writer.Write(message, buffer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private JsonNode Write(DetectionsOptions options, Detection[] objects, out Truncation truncation)
    {
        using PayloadBuffer buffer = _pool.Rent();
        truncation = new DetectionsWriter(options).Write(Samples.Triggered(Samples.Stamp(), objects, Samples.Results()), buffer);
        return JsonNode.Parse(buffer.WrittenSpan)!;
    }
}
