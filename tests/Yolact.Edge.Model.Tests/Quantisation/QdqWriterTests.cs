using Google.Protobuf;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Onnx;
using Yolact.Edge.Model.Onnx.Format;
using Yolact.Edge.Model.Parameters;
using Yolact.Edge.Model.Quantisation;
using Yolact.Edge.Model.TensorRt;
using Yolact.Edge.Model.Tests.Import;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.Tests.Quantisation;

public class QdqWriterTests
{
    [Theory]
    [InlineData("yolact_plus_resnet50")]
    [InlineData("yolact_darknet53")]
    [InlineData("small")]
    public void A_graph_for_tensorrt_is_taken_by_its_parser(string network)
    {
        ModelProto model = Quantised(network, new() { Target = QuantisationTarget.TensorRt });

        Assert.Empty(GraphChecker.Check(model, ParserTable.Of("10.1")));
        Assert.DoesNotContain(model.Graph.Initializer, constant => (DataType)constant.DataType == DataType.Int32);
    }

    [Theory]
    [InlineData(QuantisationTarget.Cpu, DeformLowering.Native, false)]
    [InlineData(QuantisationTarget.Cpu, DeformLowering.Gather, true)]
    [InlineData(QuantisationTarget.TensorRt, DeformLowering.Native, true)]
    public void Inputs_and_outputs_stay_and_nothing_dangles(QuantisationTarget target, DeformLowering deform, bool half)
    {
        ModelProto before = Build(ModelWriterTests.Small, deform, half), after = Quantised(before, new() { Target = target });

        Assert.Equal(before.Graph.Input, after.Graph.Input);
        Assert.Equal(before.Graph.Output, after.Graph.Output);
        HashSet<string> known = [.. after.Graph.Input.Select(input => input.Name), .. after.Graph.Initializer.Select(constant => constant.Name)];
        HashSet<string> described = [.. after.Graph.ValueInfo.Select(value => value.Name), .. after.Graph.Output.Select(value => value.Name)];
        Assert.Equal(after.Graph.Node.Count, after.Graph.Node.Select(node => node.Name).Distinct().Count());
        Assert.Equal(after.Graph.Initializer.Count, after.Graph.Initializer.Select(constant => constant.Name).Distinct().Count());
        foreach (NodeProto node in after.Graph.Node)
        {
            Assert.All(node.Input.Where(input => input.Length > 0), input => Assert.Contains(input, known));
            foreach (string output in node.Output)
            {
                Assert.True(known.Add(output), $"{output} is made twice");
                Assert.Contains(output, described);
            }
        }
        HashSet<string> used = [.. after.Graph.Node.SelectMany(node => node.Input), .. after.Graph.Output.Select(output => output.Name)];
        Assert.All(known.Where(value => !after.Graph.Node.Any(node => node.Output.Count > 1 && node.Output.Contains(value))), value => Assert.Contains(value, used));
    }

    [Fact]
    public void Weights_are_int8_with_a_scale_a_channel_and_the_cpu_gets_biases_in_steps_of_the_sum()
    {
        ModelProto model = Quantised("small", new());
        var index = new GraphIndex(model.Graph);

        NodeProto[] convolutions = [.. model.Graph.Node.Where(node => node.OpType == "Conv")];
        Assert.NotEmpty(convolutions);
        foreach (NodeProto node in convolutions)
        {
            NodeProto input = index.ProducerOf(node.Input[0])!, weight = index.ProducerOf(node.Input[1])!, bias = index.ProducerOf(node.Input[2])!;
            Assert.Equal(("DequantizeLinear", "DequantizeLinear", "DequantizeLinear"), (input.OpType, weight.OpType, bias.OpType));
            TensorProto numbers = index.ConstantOf(weight.Input[0])!;
            Assert.Equal(DataType.Int8, (DataType)numbers.DataType);
            float[] scales = GraphIndex.Floats(index.ConstantOf(weight.Input[1])!), steps = GraphIndex.Floats(index.ConstantOf(bias.Input[1])!);
            float x = GraphIndex.Floats(index.ConstantOf(input.Input[1])!)[0];
            Assert.Equal(numbers.Dims[0], scales.Length);
            Assert.Equal(scales.Select(scale => x * scale), steps);
        }
    }

    [Fact]
    public void Deformable_convolutions_and_softmax_stay_in_floats_and_the_record_says_why()
    {
        QuantisationPlan plan = QuantisationPlan.Of(Build(ModelWriterTests.Small, DeformLowering.Native, half: false).Graph, new());

        Assert.Contains(plan.Kept, kept => kept is { Operator: "DeformConv", Count: 6 });
        Assert.Contains(plan.Kept, kept => kept.Operator == "Softmax");
        Assert.All(plan.Kept, kept => Assert.NotEmpty(kept.Reason));
        Assert.DoesNotContain(plan.Nodes, node => node.Node.OpType is "DeformConv" or "Softmax");
    }

    [Fact]
    public void What_is_asked_to_stay_stays()
    {
        ModelProto model = Quantised("small", new() { Keep = ["proto_net", "prediction_layers.0.P"] });
        var index = new GraphIndex(model.Graph);

        NodeProto[] kept = [.. model.Graph.Node.Where(node => node.OpType == "Conv" && index.ProducerOf(node.Input[1]) is null or { OpType: "Cast" })];

        Assert.Contains(kept, node => node.Name == "proto_net.10");
        Assert.Contains(kept, node => node.Name == "prediction_layers.0.P3");
        Assert.All(kept, node => Assert.Matches("^(proto_net|prediction_layers.0.P)", node.Name));
    }

    [Fact]
    public void A_record_is_read_back_from_the_properties_of_a_file()
    {
        var record = new QuantisationRecord(QuantisationTarget.TensorRt, "percentile 99.99", 64, 7, 48, ["3 x DeformConv: no kernel", "1 x Softmax: steps"]);
        var metadata = new Model.Import.ModelMetadata(ModelWriterTests.Small, "builder", "00", new()) { Quantisation = record };

        QuantisationRecord read = Model.Import.ModelMetadata.FromProperties(metadata.ToProperties(), "file").Quantisation!;

        Assert.Equal(record with { Kept = [] }, read with { Kept = [] });
        Assert.Equal(record.Kept, read.Kept);
        Assert.Null(Model.Import.ModelMetadata.FromProperties((metadata with { Quantisation = null }).ToProperties(), "file").Quantisation);
    }

    private static ModelProto Quantised(string network, QuantisationOptions options) =>
        Quantised(Build(NamedConfigs.Find(network) ?? ModelWriterTests.Small, DeformLowering.Native, half: false), options);

    // Any ranges will do here: what they are good for is a matter of numbers, not of the graph's form.
    private static ModelProto Quantised(ModelProto model, QuantisationOptions options)
    {
        ModelProto copy = model.Clone();
        QuantisationPlan plan = QuantisationPlan.Of(copy.Graph, options);
        var ranges = plan.Calibrated().DistinctBy(value => value.Group)
            .ToDictionary(value => value.Group, value => (IReadOnlyList<ValueRange>)[.. Enumerable.Repeat(new ValueRange(-1, 3), value.Channels)]);
        new QdqWriter(copy, plan, options, ranges).Write();
        return copy;
    }

    internal static ModelProto Build(YolactConfig config, DeformLowering deform, bool half)
    {
        var graph = new GraphBuilder(deform == DeformLowering.Native ? 19 : 17, half);
        YolactGraph.Add(new NetworkBuilder(config, graph, MadeUpWeights.ReaderFor(config), deform), InputForm.Float, taps: false);
        var model = new ModelProto { Graph = graph.Graph, OpsetImport = { new OperatorSetIdProto { Version = graph.Opset } } };
        foreach (Initializer initializer in graph.Initializers)
        {
            TensorProto tensor = initializer.Header();
            using var values = new MemoryStream();
            initializer.WriteValues(values);
            tensor.RawData = ByteString.CopyFrom(values.ToArray());
            model.Graph.Initializer.Add(tensor);
        }
        return model;
    }
}
