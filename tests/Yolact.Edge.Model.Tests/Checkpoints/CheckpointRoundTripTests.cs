using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Model.Tests.Checkpoints;

public sealed class CheckpointRoundTripTests
{
    [Theory]
    [InlineData(CheckpointFormat.PyTorchZip)]
    [InlineData(CheckpointFormat.PyTorchLegacy)]
    [InlineData(CheckpointFormat.Safetensors)]
    public void Every_element_type_is_converted(CheckpointFormat format)
    {
        CheckpointTensor[] tensors =
        [
            new("f32", [3], ElementType.Float32, new[] { 1.5f, float.NegativeInfinity, float.NaN }),
            new("f16", [3], ElementType.Float16, new[] { (Half)0.1f, Half.MaxValue, Half.Epsilon }),
            new("bf16", [2], ElementType.BFloat16, new ushort[] { 0x3fc0, 0xc000 }),
            new("f64", [2], ElementType.Float64, new[] { 1 / 3.0, 1e300 }),
            new("u8", [2], ElementType.UInt8, new byte[] { 0, 255 }),
            new("i8", [2], ElementType.Int8, new sbyte[] { -128, 127 }),
            new("i16", [1], ElementType.Int16, new short[] { -300 }),
            new("i32", [1], ElementType.Int32, new[] { -70000 }),
            new("i64", [], ElementType.Int64, new[] { 800000L }),
            new("bool", [2], ElementType.Bool, new byte[] { 0, 1 }),
            new("empty", [0, 5], ElementType.Float32, Array.Empty<float>()),
        ];
        using var folder = new TemporaryFolder();
        CheckpointWriter.Write(folder.File("types"), format, tensors);
        using var checkpoint = Checkpoint.Open(folder.File("types"));

        Assert.Equal(format, checkpoint.Format);
        Assert.Equal(tensors.Select(tensor => (tensor.Name, tensor.Type)), checkpoint.Tensors.Values.Select(entry => (entry.Name, entry.Type)));
        Assert.Equal([1.5f, float.NegativeInfinity, float.NaN], Read(checkpoint, "f32"));
        Assert.Equal([(float)(Half)0.1f, 65504, 5.9604645e-8f], Read(checkpoint, "f16"));
        Assert.Equal([1.5f, -2], Read(checkpoint, "bf16"));
        Assert.Equal([1 / 3f, float.PositiveInfinity], Read(checkpoint, "f64"));
        Assert.Equal([0, 255], Read(checkpoint, "u8"));
        Assert.Equal([-128, 127], Read(checkpoint, "i8"));
        Assert.Equal([-300], Read(checkpoint, "i16"));
        Assert.Equal([-70000], Read(checkpoint, "i32"));
        Assert.Equal([800000], Read(checkpoint, "i64"));
        Assert.Equal([0, 1], Read(checkpoint, "bool"));
        Assert.Empty(Read(checkpoint, "empty"));
    }

    [Theory]
    [InlineData(CheckpointFormat.PyTorchZip)]
    [InlineData(CheckpointFormat.PyTorchLegacy)]
    public void Views_share_a_storage_and_keep_their_strides(CheckpointFormat format)
    {
        float[] storage = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        CheckpointTensor[] tensors =
        [
            new("whole", [2, 3, 4], ElementType.Float32, storage),
            new("permuted", [4, 2, 3], ElementType.Float32, storage, Strides: [1, 12, 4]),
            new("tail", [2, 2], ElementType.Float32, storage, Strides: [4, 2], Offset: 12),
            new("every_fifth", [4], ElementType.Float32, storage, Strides: [5], Offset: 3),
            new("one", [1, 1], ElementType.Float32, storage, Strides: [99, 77], Offset: 23),
        ];
        using var folder = new TemporaryFolder();
        CheckpointWriter.Write(folder.File("views"), format, tensors, location: "cuda:0");
        using var checkpoint = Checkpoint.Open(folder.File("views"));

        Assert.Equal(storage, Read(checkpoint, "whole"));
        float[] permuted = [.. from k in Enumerable.Range(0, 4) from i in Enumerable.Range(0, 2) from j in Enumerable.Range(0, 3) select storage[(12 * i) + (4 * j) + k]];
        Assert.Equal(permuted, Read(checkpoint, "permuted"));
        Assert.Equal([12, 14, 16, 18], Read(checkpoint, "tail"));
        Assert.Equal([3, 8, 13, 18], Read(checkpoint, "every_fifth"));
        Assert.Equal([23], Read(checkpoint, "one"));
    }

    [Fact]
    public void A_tensor_larger_than_a_window_is_read_whole()
    {
        float[] values = [.. Enumerable.Range(0, 3_000_001).Select(i => (float)i)];
        using var folder = new TemporaryFolder();
        CheckpointWriter.Write(folder.File("large"), CheckpointFormat.PyTorchLegacy, [CheckpointTensor.Of("large", [values.Length], values)]);
        using var checkpoint = Checkpoint.Open(folder.File("large"));

        Assert.Equal(values, Read(checkpoint, "large"));
    }

    [Fact]
    public void A_destination_of_another_length_is_refused()
    {
        using var folder = new TemporaryFolder();
        CheckpointWriter.Write(folder.File("a"), CheckpointFormat.Safetensors, [CheckpointTensor.Of("a", [2], [1f, 2f])]);
        using var checkpoint = Checkpoint.Open(folder.File("a"));

        Assert.Throws<ArgumentException>(() => checkpoint.Read("a", new float[3]));
        Assert.Throws<KeyNotFoundException>(() => checkpoint.Read("b", new float[2]));
    }

    private static float[] Read(Checkpoint checkpoint, string name)
    {
        var values = new float[checkpoint.Tensors[name].Count];
        checkpoint.Read(name, values);
        return values;
    }
}
