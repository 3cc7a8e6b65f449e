using Yolact.Edge.Model.Checkpoints;

namespace Yolact.Edge.Model.Tests.Checkpoints;

/// <summary>Small files that PyTorch 1.13 wrote, among them a transposed view, a row of a matrix, a Parameter and every common type.</summary>
public sealed class CheckpointFixtureTests
{
    [Theory]
    [InlineData("torch_zip.pth", CheckpointFormat.PyTorchZip)]
    [InlineData("torch_legacy.pth", CheckpointFormat.PyTorchLegacy)]
    [InlineData("torch_wrapped.pth", CheckpointFormat.PyTorchZip)]
    public void Files_of_PyTorch_are_read(string name, CheckpointFormat format)
    {
        using var checkpoint = Checkpoint.Open(TestData.Path(name));

        Assert.Equal(format, checkpoint.Format);
        Assert.Equal(["a", "b", "c", "d", "n", "bf", "f64", "p"], checkpoint.Tensors.Keys);
        Assert.Equal([2, 3], checkpoint.Tensors["a"].Shape);
        Assert.Equal([0, 1, 2, 3, 4, 5], Read(checkpoint, "a"));
        Assert.Equal([1.5f, -2, 0.25f], Read(checkpoint, "b"));
        Assert.Equal([3, 2], checkpoint.Tensors["c"].Shape);
        Assert.Equal([0, 3, 1, 4, 2, 5], Read(checkpoint, "c"));
        Assert.Equal([3, 4, 5], Read(checkpoint, "d"));
        Assert.Empty(checkpoint.Tensors["n"].Shape);
        Assert.Equal(ElementType.Int64, checkpoint.Tensors["n"].Type);
        Assert.Equal([800000], Read(checkpoint, "n"));
        Assert.Equal([1, -3.5f], Read(checkpoint, "bf"));
        Assert.Equal([0.1f], Read(checkpoint, "f64"));
        Assert.Equal([7], Read(checkpoint, "p"));
    }

    [Fact]
    public void The_hash_is_of_the_whole_file()
    {
        using var checkpoint = Checkpoint.Open(TestData.Path("torch_zip.pth"));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(checkpoint.Path))), checkpoint.ComputeSha256());
    }

    private static float[] Read(Checkpoint checkpoint, string name)
    {
        var values = new float[checkpoint.Tensors[name].Count];
        checkpoint.Read(name, values);
        return values;
    }
}
