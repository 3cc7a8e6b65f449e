using System.Security.Cryptography;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Tests.Import;

public sealed class ModelWriterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-writer-");

    /// <summary>A whole YOLACT++ network, small: half-width basic blocks at 64 px.</summary>
    internal static readonly YolactConfig Small = new()
    {
        Name = "small",
        InputSize = 64,
        Backbone = new BackboneConfig
        {
            Block = ResidualBlock.Basic,
            Blocks = [2, 2, 2, 2],
            Width = 8,
            Deformable = new DeformableConfig { Layers = [0, 2, 2, 2] },
        },
        Pyramid = new PyramidConfig { Channels = 16, ExtraLevels = 1 },
        Prototypes = new PrototypeConfig { Count = 8, Channels = 16 },
        Anchors = new AnchorConfig { Scales = NamedConfigs.ThreePerOctave([8, 16, 32, 48]) },
        MaskRescoring = new MaskRescoringConfig { Channels = [4, 8] },
        Classes = ["washer", "nut"],
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(DeformLowering.Native, 19, true)]
    [InlineData(DeformLowering.Gather, 17, false)]
    public void The_file_is_one_well_formed_message(DeformLowering deform, long opset, bool hasDeformConv)
    {
        ModelFiles files = Write(Small, new ImportOptions { Deform = deform });

        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(files.Main));

        Assert.Equal(opset, Assert.Single(model.OpsetImport).Version);
        Assert.Equal(hasDeformConv, model.Graph.Node.Any(node => node.OpType == "DeformConv"));
        Assert.Equal(
            ["prototype", "prior_index", "class_probability", "box_regression", "mask_coefficient", "overflow"],
            model.Graph.Output.Select(output => output.Name));
        // Reading the parsed message back gives the very same bytes: lengths written ahead were right.
        Assert.Equal(new FileInfo(files.Main).Length, model.CalculateSize());
        AssertConnected(model.Graph);
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            int size = (TensorProto.Types.DataType)tensor.DataType == TensorProto.Types.DataType.Int64 ? 8 : 4;
            Assert.Equal(tensor.Dims.Aggregate(1L, (p, n) => p * n) * size, tensor.RawData.Length);
        }
    }

    [Fact]
    public void The_same_input_gives_the_same_file() =>
        Assert.Equal(Hash(Write(Small, new ImportOptions()).Main), Hash(Write(Small, new ImportOptions()).Main));

    [Fact]
    public void Half_precision_storage_halves_the_file()
    {
        long full = new FileInfo(Write(Small, new ImportOptions()).Main).Length;
        ModelFiles files = Write(Small, new ImportOptions { Weights = WeightStorage.Fp16 });
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(files.Main));

        Assert.True(new FileInfo(files.Main).Length < 0.7 * full);
        Assert.Contains(model.Graph.Initializer, tensor => tensor.DataType == (int)TensorProto.Types.DataType.Float16);
        AssertConnected(model.Graph);
    }

    [Fact]
    public void Metadata_names_network_source_and_options()
    {
        var options = new ImportOptions { Deform = DeformLowering.Gather, Input = InputForm.Uint8 };
        ModelFiles files = Write(Small, options);

        foreach (string path in (string[])[files.Main, files.Rescore])
        {
            ModelMetadata metadata = OnnxMetadata.Read(path);
            Assert.Equal(ConfigFile.Write(Small), ConfigFile.Write(metadata.Config));
            Assert.Equal("5eed", metadata.SourceSha256);
            Assert.Equal(options, metadata.Options);
        }
    }

    [Fact]
    public void A_network_without_rescoring_removes_the_graph_an_earlier_one_left()
    {
        ModelFiles files = Write(Small, new ImportOptions());
        Assert.True(File.Exists(files.Rescore));

        Write(Small with { MaskRescoring = null }, new ImportOptions());

        Assert.False(File.Exists(files.Rescore));
    }

    [Fact]
    public void A_failing_source_leaves_what_was_there_and_nothing_else()
    {
        ModelFiles files = Write(Small, new ImportOptions());
        string before = Hash(files.Main);
        int read = 0;

        Assert.Throws<InvalidDataException>(() => ModelWriter.Write(Metadata(Small, new ImportOptions()),
            (name, values) =>
            {
                values.Clear();
                if (++read > 20)
                    throw new InvalidDataException(name);
            },
            files, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(before, Hash(files.Main));
        Assert.Equal(2, _folder.GetFiles().Length);
    }

    [Fact]
    public void Damaged_files_have_no_metadata_but_a_clear_error()
    {
        byte[] whole = File.ReadAllBytes(Write(Small, new ImportOptions()).Main);
        string path = Path.Combine(_folder.FullName, "cut.onnx");
        for (int length = 0; length < whole.Length; length += 1 + (length / 7))
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<InvalidDataException>(() => OnnxMetadata.ReadProperties(path));
        }
        File.WriteAllText(path, "This is a text file and no network.");
        Assert.Throws<InvalidDataException>(() => OnnxMetadata.ReadProperties(path));
    }

    private ModelFiles Write(YolactConfig config, ImportOptions options)
    {
        ModelFiles files = ModelFiles.In(_folder.FullName, "model");
        ModelWriter.Write(Metadata(config, options), Fill, files, cancellation: TestContext.Current.CancellationToken);
        return files;
    }

    private static ModelMetadata Metadata(YolactConfig config, ImportOptions options) =>
        new(config, ModelMetadata.ThisBuilder, "5eed", options);

    private static void Fill(string name, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = 1 + (i % 3);
    }

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>Every input of every node was made before it, and every name is made once: what runtimes call topologically sorted SSA.</summary>
    private static void AssertConnected(GraphProto graph)
    {
        HashSet<string> known = [.. graph.Initializer.Select(tensor => tensor.Name), .. graph.Input.Select(input => input.Name), ""];
        foreach (NodeProto node in graph.Node)
        {
            Assert.All(node.Input, input => Assert.Contains(input, known));
            Assert.All(node.Output, output => Assert.True(known.Add(output), $"{output} is made twice"));
        }
        Assert.All(graph.Output, output => Assert.Contains(output.Name, known));
        Assert.Equal(graph.Initializer.Count, graph.Initializer.DistinctBy(tensor => tensor.Name).Count());
    }
}
