using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Onnx;
using Yolact.Edge.Model.Onnx.Format;
using Yolact.Edge.Model.TensorRt;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.Tests.TensorRt;

public class GraphCheckerTests
{
    public static TheoryData<string, DeformLowering, InputForm, bool> Graphs
    {
        get
        {
            var data = new TheoryData<string, DeformLowering, InputForm, bool>();
            foreach (YolactConfig config in NamedConfigs.All)
            {
                data.Add(config.Name, DeformLowering.Native, InputForm.Float, false);
                data.Add(config.Name, DeformLowering.Native, InputForm.Float, true);
                data.Add(config.Name, DeformLowering.Gather, InputForm.Uint8, false);
                data.Add(config.Name, DeformLowering.Gather, InputForm.Uint8, true);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Every_named_network_is_taken(string name, DeformLowering deform, InputForm input, bool half)
    {
        YolactConfig config = NamedConfigs.Find(name)!;
        ParserTable table = ParserTable.Of(deform == DeformLowering.Native ? "10.1" : "8.6");

        Assert.Empty(GraphChecker.Check(Build(config, deform, network => YolactGraph.Add(network, input, taps: false), half), table));
        if (config.MaskRescoring is not null)
            Assert.Empty(GraphChecker.Check(Build(config, deform, RescoringGraph.Add, half), table));
    }

    [Fact]
    public void The_native_operator_is_refused_for_older_parsers()
    {
        ModelProto model = Build(NamedConfigs.Find("yolact_plus_resnet50")!, DeformLowering.Native, network => YolactGraph.Add(network, InputForm.Float, taps: false));

        IReadOnlyList<string> offences = GraphChecker.Check(model, ParserTable.Of("8.6"));

        Assert.Contains(offences, offence => offence.StartsWith("opset 19", StringComparison.Ordinal));
        Assert.Equal(13, offences.Count(offence => offence.Contains("(DeformConv)", StringComparison.Ordinal)));
    }

    public static TheoryData<string, string> Offenders => new()
    {
        { "operator", "Frobnicate" },
        { "topk-large", "K is 3840" },
        { "topk-unsorted", "sorted must be 1" },
        { "resize-cubic", "mode cubic" },
        { "resize-antialias", "antialias" },
        { "deform-pads", "begin and end" },
        { "deform-no-bias", "bias is missing" },
        { "deform-types", "one type" },
        { "uint8-inside", "UINT8" },
        { "double", "taken are" },
        { "slice-axes", "axes must be constant" },
        { "maxpool-indices", "indices" },
        { "zero-point", "zero point" },
        { "untyped", "not known" },
        { "opset", "opset 99" },
        { "domain", "operator set 'com.microsoft'" },
        { "node-domain", "of operator set 'com.microsoft'" },
        { "dynamic", "size of 'open' is not fixed" },
        { "topk-variable", "K must be a constant" },
        { "resize-coordinates", "coordinate_transformation_mode tf_crop_and_resize" },
        { "resize-aspect", "keep_aspect_ratio_policy not_larger" },
        { "deform-rank", "one or two spatial dimensions" },
        { "maxpool-dilation", "dilation is not taken" },
        { "pad-pads", "pads must be constant" },
        { "reduce-axes", "axes must be constant" },
        { "gridsample-rank", "4 dimensions are taken" },
    };

    [Theory]
    [MemberData(nameof(Offenders))]
    public void Planted_offenders_are_caught(string kind, string expected)
    {
        var graph = new GraphBuilder(19, halfWeights: false);
        Tensor x = graph.Input("x", DataType.Float, 1, 4, 8, 8);
        Tensor y = graph.Relu("y", x);
        Plant(kind, graph, y);
        graph.Output(y);
        ModelProto model = Assemble(graph);
        if (kind == "opset")
            model.OpsetImport[0].Version = 99;
        if (kind == "domain")
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });

        IReadOnlyList<string> offences = GraphChecker.Check(model, ParserTable.Of("10.1"));

        Assert.Contains(offences, offence => offence.Contains(expected, StringComparison.Ordinal));
        Assert.Equal(kind == "zero-point" ? 2 : 1, offences.Count); // the planted int32 data are an offence of their own
    }

    private static void Plant(string kind, GraphBuilder graph, Tensor x)
    {
        switch (kind)
        {
            case "operator":
                graph.Unary("Frobnicate", "bad", x);
                break;
            case "topk-large" or "topk-unsorted":
                Tensor flat = graph.Reshape("flat", x, 256);
                graph.AddNode("TopK", "bad", [flat.Name, graph.Longs("k", kind == "topk-large" ? 3840 : 5)],
                    [flat with { Name = "values" }, new Tensor("indices", DataType.Int64, [5])],
                    GraphBuilder.Int("axis", 0), GraphBuilder.Int("sorted", kind == "topk-large" ? 1 : 0));
                break;
            case "resize-cubic" or "resize-antialias":
                graph.Node("Resize", "bad", x.Type, x.Shape, [x.Name, "", "", graph.Longs("sizes", 1, 4, 8, 8)],
                    GraphBuilder.Text("mode", kind == "resize-cubic" ? "cubic" : "linear"), GraphBuilder.Int("antialias", kind == "resize-cubic" ? 0 : 1));
                break;
            case "deform-pads" or "deform-no-bias" or "deform-types":
                string weight = graph.Weight("w", [4, 4, 3, 3], values => values.Clear());
                string bias = graph.Weight("b", [4], values => values.Clear());
                Tensor offset = new("offset", kind == "deform-types" ? DataType.Float16 : DataType.Float, [1, 18, 8, 8]);
                graph.AddNode("Identity", "offset", [offset.Type == DataType.Float16 ? Half(graph, offset) : graph.Constant(Initializer.Of("o", new float[18 * 64], 1, 18, 8, 8))], [offset]);
                graph.Node("DeformConv", "bad", x.Type, x.Shape, kind == "deform-no-bias" ? [x.Name, weight, "offset"] : [x.Name, weight, "offset", bias],
                    kind == "deform-pads" ? GraphBuilder.Ints("pads", 1, 1, 0, 1) : GraphBuilder.Ints("pads", 1, 1, 1, 1));
                break;
            case "uint8-inside":
                graph.Cast("bytes", x, DataType.Uint8);
                break;
            case "double":
                graph.Node("Sigmoid", "bad", DataType.Int32, x.Shape, [x.Name]);
                break;
            case "slice-axes":
                Tensor axes = graph.Input("axes", DataType.Int64, 1);
                graph.Node("Slice", "bad", x.Type, x.Shape, [x.Name, graph.Longs("start", 0), graph.Longs("end", 8), axes.Name]);
                break;
            case "maxpool-indices":
                graph.AddNode("MaxPool", "bad", [x.Name], [x with { Name = "pooled" }, x with { Name = "picked" }]);
                break;
            case "zero-point":
                string scale = graph.Constant(Initializer.Of("scale", [1f], []));
                graph.Node("DequantizeLinear", "bad", DataType.Float, [1], [graph.Constant(Initializer.Of("q", [1], 1)), scale, graph.Constant(Initializer.Of("zero", [3], []))]);
                break;
            case "node-domain":
                graph.Relu("bad", x);
                graph.Graph.Node[^1].Domain = "com.microsoft";
                break;
            case "dynamic":
                graph.Relu("bad", new Tensor("open", x.Type, [0, 4]));
                graph.Graph.ValueInfo.Remove(graph.Graph.ValueInfo[^1]);
                graph.Graph.ValueInfo.Add(Described("bad", x));
                graph.Graph.Input.Add(Described("open", x with { Shape = [0, 4, 8, 8] }));
                break;
            case "topk-variable":
                Tensor k = graph.Input("k", DataType.Int64, 1), all = graph.Reshape("all", x, 256);
                graph.AddNode("TopK", "bad", [all.Name, k.Name], [all with { Name = "values" }, new Tensor("indices", DataType.Int64, [5])], GraphBuilder.Int("axis", 0));
                break;
            case "resize-coordinates" or "resize-aspect":
                graph.Node("Resize", "bad", x.Type, x.Shape, [x.Name, "", "", graph.Longs("sizes", 1, 4, 8, 8)], GraphBuilder.Text("mode", "linear"),
                    kind == "resize-aspect"
                        ? GraphBuilder.Text("keep_aspect_ratio_policy", "not_larger") : GraphBuilder.Text("coordinate_transformation_mode", "tf_crop_and_resize"));
                break;
            case "deform-rank":
                Tensor flatInput = graph.Reshape("flat", x, 4, 64);
                string w2 = graph.Weight("w", [4, 4, 3], values => values.Clear()), b2 = graph.Weight("b", [4], values => values.Clear());
                graph.Node("DeformConv", "bad", x.Type, flatInput.Shape, [flatInput.Name, w2, flatInput.Name, b2], GraphBuilder.Ints("pads", 1, 1));
                break;
            case "maxpool-dilation":
                graph.Node("MaxPool", "bad", x.Type, x.Shape, [x.Name], GraphBuilder.Ints("dilations", 2, 2));
                break;
            case "pad-pads":
                graph.Node("Pad", "bad", x.Type, x.Shape, [x.Name, graph.Input("pads", DataType.Int64, 8).Name]);
                break;
            case "reduce-axes":
                graph.Node("ReduceMax", "bad", x.Type, x.Shape, [x.Name, graph.Input("axes", DataType.Int64, 1).Name]);
                break;
            case "gridsample-rank":
                Tensor volume = graph.Reshape("volume", x, 1, 4, 2, 4, 8);
                graph.Node("GridSample", "bad", x.Type, volume.Shape, [volume.Name, volume.Name]);
                break;
            case "untyped":
                graph.Graph.Node.Add(new NodeProto { Name = "bad", OpType = "Relu", Input = { x.Name }, Output = { "nameless" } });
                break;
        }
    }

    private static ValueInfoProto Described(string name, Tensor tensor)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(tensor.Shape.Select(side => new TensorShapeProto.Types.Dimension { DimValue = side }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)tensor.Type, Shape = shape } } };
    }

    private static string Half(GraphBuilder graph, Tensor offset)
    {
        graph.Graph.Input.Add(new ValueInfoProto { Name = "half", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)offset.Type, Shape = Described("half", offset).Type.TensorType.Shape } } });
        return "half";
    }

    private static ModelProto Build(YolactConfig config, DeformLowering deform, Action<NetworkBuilder> build, bool half = false)
    {
        var graph = new GraphBuilder(deform == DeformLowering.Native ? 19 : 17, halfWeights: false, half);
        build(new NetworkBuilder(config, graph, (_, values) => values.Clear(), deform));
        return Assemble(graph);
    }

    // Weights are left empty: the checker reads small constants alone.
    private static ModelProto Assemble(GraphBuilder graph)
    {
        var model = new ModelProto { Graph = graph.Graph, OpsetImport = { new OperatorSetIdProto { Version = graph.Opset } } };
        foreach (Initializer initializer in graph.Initializers)
        {
            TensorProto tensor = initializer.Header();
            if (initializer.ByteCount < 1024)
            {
                using var values = new MemoryStream();
                initializer.WriteValues(values);
                tensor.RawData = Google.Protobuf.ByteString.CopyFrom(values.ToArray());
            }
            model.Graph.Initializer.Add(tensor);
        }
        return model;
    }
}
