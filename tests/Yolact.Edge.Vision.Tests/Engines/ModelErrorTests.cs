using Yolact.Edge.Model.Import;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Vision.Tests.Engines;

public class ModelErrorTests(SmallModel model) : IClassFixture<SmallModel>
{
    // What protobuf writes for ModelProto { ir_version: 8, graph: {} }: a valid file that says nothing.
    private static readonly byte[] EmptyOnnx = [0x08, 0x08, 0x3A, 0x00];

    [Fact]
    public void A_missing_file_is_named() => AssertRefused(Path.Combine(model.Folder, "nowhere.onnx"), "no such file");

    [Fact]
    public void A_folder_is_no_model() => AssertRefused(model.Folder, "folder");

    [Fact]
    public void A_text_file_is_no_model() => AssertRefused(Write("text.onnx", "hello, I am no model at all\n"u8), "no ONNX file");

    [Fact]
    public void An_empty_file_is_no_model() => AssertRefused(Write("empty.onnx", []), "no ONNX file");

    [Fact]
    public void A_model_that_was_cut_off_is_refused()
    {
        byte[] whole = File.ReadAllBytes(model.Files.Main);
        for (int part = 1; part < 8; part++)
            AssertRefused(Write($"cut{part}.onnx", whole.AsSpan(0, whole.Length * part / 8)), "");
    }

    [Fact]
    public void A_model_of_someone_else_is_refused() => AssertRefused(Write("foreign.onnx", EmptyOnnx), "yolact.config");

    [Fact]
    public void The_two_graphs_are_not_exchangeable()
    {
        AssertRefused(model.Files.Rescore, "'image'");
        string swapped = Path.Combine(model.Folder, "swapped.onnx");
        File.Copy(model.Files.Main, swapped, overwrite: true);
        File.Copy(model.Files.Main, new ModelFiles(swapped).Rescore, overwrite: true);
        AssertRefused(swapped, "'mask'");
    }

    [Fact]
    public void A_missing_re_scoring_graph_is_named_and_can_be_done_without()
    {
        string alone = Path.Combine(model.Folder, "alone.onnx");
        File.Copy(model.Files.Main, alone, overwrite: true);
        AssertRefused(alone, "alone.rescore.onnx");
        using Detector detector = Detector.Open(alone, new DetectorOptions { Rescore = false });
        Assert.False(detector.Rescores);
    }

    private string Write(string name, ReadOnlySpan<byte> content)
    {
        string path = Path.Combine(model.Folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static void AssertRefused(string path, string reason)
    {
        ModelException error = Assert.Throws<ModelException>(() => Detector.Open(path));
        Assert.Contains(Path.GetFileNameWithoutExtension(path), error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
