using Microsoft.ML.OnnxRuntime;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Onnx;
using Yolact.Edge.Model.Onnx.Format;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Vision.Tests.Golden;

/// <summary>Both ways to write a deformable convolution, run, against the reference's cases and against the definition.</summary>
public class DeformConvTests
{
    private const float Tolerance = 1e-4f;
    private const int Taps = 9;

    public static MatrixTheoryData<string, DeformLowering> Cases =>
        new(["deform_stride1", "deform_stride2", "deform_integer_offsets"], Enum.GetValues<DeformLowering>());

    public static MatrixTheoryData<int, int, DeformLowering> Offsets =>
        new([0, 1, 2], [1, 2], Enum.GetValues<DeformLowering>());

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_of_the_reference(string name, DeformLowering lowering)
    {
        System.Text.Json.JsonElement unit = UnitCases.Case(name);
        (int[] shape, float[] x) = UnitCases.Tensor(unit.GetProperty("x"));
        (int[] weightShape, float[] weight) = UnitCases.Tensor(unit.GetProperty("weight"));
        (_, float[] bias) = UnitCases.Tensor(unit.GetProperty("bias"));
        (_, float[] raw) = UnitCases.Tensor(unit.GetProperty("raw"));
        (_, float[] y) = UnitCases.Tensor(unit.GetProperty("y"));
        var layer = new Layer(shape[1], shape[2], shape[3], weightShape[0], unit.GetProperty("stride").GetInt32(), weight, bias);
        Assert.Equal(1, unit.GetProperty("pad").GetInt32());
        AssertNear(y, layer.Run(lowering, x, raw));
        AssertNear(y, layer.Define(x, raw));
    }

    /// <summary>
    /// Kind 0: near; 1: far outside on all sides; 2: whole and half pixels, so that many samples lie exactly on the border.
    /// </summary>
    [Theory]
    [MemberData(nameof(Offsets))]
    public void Any_offsets_equal_the_definition(int kind, int stride, DeformLowering lowering)
    {
        var random = new Random(kind + (10 * stride));
        float[] Values(int count, float reach) =>
            [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * reach)];
        const int Channels = 5, Outputs = 4, Height = 11, Width = 8;
        var layer = new Layer(Channels, Height, Width, Outputs, stride, Values(Outputs * Channels * Taps, 1), Values(Outputs, 1));
        float[] x = Values(Channels * Height * Width, 1), raw = Values(27 * layer.OutHeight * layer.OutWidth, 2);
        int offsets = 18 * layer.OutHeight * layer.OutWidth;
        for (int i = 0; i < offsets; i++)
        {
            raw[i] = kind switch
            {
                0 => raw[i],
                1 => raw[i] * 40,
                _ => MathF.Round(raw[i] * 14) / 2,
            };
        }
        AssertNear(layer.Define(x, raw), layer.Run(lowering, x, raw));
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Tolerance);
    }

    private sealed record Layer(int Channels, int Height, int Width, int Outputs, int Stride, float[] Weight, float[] Bias)
    {
        public int OutHeight => ((Height - 1) / Stride) + 1;

        public int OutWidth => ((Width - 1) / Stride) + 1;

        public float[] Run(DeformLowering lowering, float[] x, float[] raw)
        {
            bool native = lowering == DeformLowering.Native;
            var graph = new GraphBuilder(native ? 19 : 17, halfWeights: false);
            Tensor input = graph.Input("x", DataType.Float, 1, Channels, Height, Width);
            Tensor offsets = graph.Input("raw", DataType.Float, 1, 27, OutHeight, OutWidth);
            string weight = graph.Weight("weight", native ? [Outputs, Channels, 3, 3] : [Taps * Channels, Outputs], values =>
            {
                Weight.CopyTo(values);
                if (!native)
                    GatherDeformConv.ToTapMajor(values, Outputs, Channels, Taps);
            });
            string bias = graph.Weight("bias", [Outputs], values => Bias.CopyTo(values));
            ConvolutionGeometry geometry = ConvolutionGeometry.Same(Outputs, 3, Stride);
            graph.Output("y", native
                ? NativeDeformConv.Add(graph, "layer", input, offsets, weight, bias, geometry)
                : GatherDeformConv.Add(graph, "layer", input, offsets, weight, bias, geometry));
            graph.Graph.Name = "deform";
            using var file = new MemoryStream();
            var model = new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = graph.Opset } } };
            OnnxWriter.Write(model, graph.Graph, graph.Initializers, file, null, TestContext.Current.CancellationToken);

            using var session = new InferenceSession(file.ToArray());
            using OrtValue a = OrtValue.CreateTensorValueFromMemory(x, [1, Channels, Height, Width]);
            using OrtValue b = OrtValue.CreateTensorValueFromMemory(raw, [1, 27, OutHeight, OutWidth]);
            using var run = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> y = session.Run(run, ["x", "raw"], [a, b], ["y"]);
            return y[0].GetTensorDataAsSpan<float>().ToArray();
        }

        /// <summary>
        /// y(o, p) = bias(o) + sum over channels c and taps t of w(o, c, t) * sigmoid(m_t(p)) * x(c, p * stride - 1 + tap +
        /// offset_t(p)), x read bilinearly with zeros outside (Zhu et al., Deformable ConvNets v2, section 3).
        /// </summary>
        public float[] Define(float[] x, float[] raw)
        {
            int cells = OutHeight * OutWidth;
            var y = new float[Outputs * cells];
            for (int cell = 0; cell < cells; cell++)
            {
                for (int o = 0; o < Outputs; o++)
                {
                    double sum = Bias[o];
                    for (int tap = 0; tap < Taps; tap++)
                    {
                        double row = (cell / OutWidth * Stride) - 1 + (tap / 3) + raw[(2 * tap * cells) + cell];
                        double column = (cell % OutWidth * Stride) - 1 + (tap % 3) + raw[(((2 * tap) + 1) * cells) + cell];
                        double modulation = 1 / (1 + Math.Exp(-raw[((18 + tap) * cells) + cell]));
                        for (int c = 0; c < Channels; c++)
                            sum += Weight[(((o * Channels) + c) * Taps) + tap] * modulation * Sample(x, c, row, column);
                    }
                    y[(o * cells) + cell] = (float)sum;
                }
            }
            return y;
        }

        private double Sample(float[] x, int channel, double row, double column)
        {
            int top = (int)Math.Floor(row), left = (int)Math.Floor(column);
            double fy = row - top, fx = column - left, sum = 0;
            foreach ((int dy, int dx, double share) in ((int, int, double)[])[(0, 0, (1 - fy) * (1 - fx)), (0, 1, (1 - fy) * fx),
                (1, 0, fy * (1 - fx)), (1, 1, fy * fx)])
            {
                int r = top + dy, c = left + dx;
                if (r >= 0 && r < Height && c >= 0 && c < Width)
                    sum += share * x[(((channel * Height) + r) * Width) + c];
            }
            return sum;
        }
    }
}
