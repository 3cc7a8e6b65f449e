using CsCheck;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Yolact.Edge.Model.Onnx;
using Yolact.Edge.Model.Onnx.Format;
using Yolact.Edge.Model.Quantisation;
using Tensor = Yolact.Edge.Model.Onnx.Tensor;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Vision.Tests.Calibration;

/// <summary>
/// One convolution, written as QDQ and run by the runtime's integer kernels, against the definition in plain loops over integers:
/// q_y = clamp(round((sum (q_x - z_x) q_w + q_b) s_x s_w[o] / s_y) + z_y).
/// </summary>
public class IntegerConvolutionTests
{
    private const int Inputs = 3, Outputs = 5, Side = 6;

    private static readonly Gen<(float[] Weight, float[] Bias, float[] X)> Cases = Gen.Select(
        Gen.Float[-1, 1].Array[Outputs * Inputs * 9], Gen.Float[-2, 2].Array[Outputs], Gen.Float[-3, 3].Array[Inputs * Side * Side]);

    [Theory]
    [InlineData(QuantisationTarget.Cpu)]
    [InlineData(QuantisationTarget.TensorRt)]
    public void The_runtime_computes_what_the_definition_says(QuantisationTarget target) => Cases.Sample(
        one =>
        {
            (float[] weight, float[] bias, float[] x) = one;
            ValueRange xRange = new(-3, 3), yRange = new(-4, 9);
            // Another convolution takes the result, so that both targets quantise it.
            (ModelProto model, string result) = Graph(weight, bias, target, xRange, yRange);
            using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
            using var session = new InferenceSession(model.ToByteArray(), options);
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run(
                [NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(x, [1, Inputs, Side, Side]))], [result]);
            float[] actual = [.. outputs[0].AsTensor<float>()];

            AffineScale sx = AffineScale.For(xRange, target), sy = AffineScale.For(yRange, target);
            (float Least, float Most)[] expected = Scalar(weight, bias, x, target, sx, sy);

            float tolerance = 0.01f * sy.Scale;
            Assert.All(actual.Zip(expected), pair => Assert.InRange(pair.First, pair.Second.Least - tolerance, pair.Second.Most + tolerance));
        },
        iter: 25);

    // The least and the greatest value that may come out: a product in floats may fall on the other side of a half.
    private static (float Least, float Most)[] Scalar(float[] weight, float[] bias, float[] x, QuantisationTarget target, AffineScale sx, AffineScale sy)
    {
        QuantisedWeight quantised = QuantisedWeight.Of(weight, Outputs, 8, []);
        // The runtime divides in floats: 0.2 / (6 / 255) is half a step there, and less than half of one in doubles.
        int[] input = [.. x.Select(value => (int)Math.Clamp(MathF.Round(value / sx.Scale), sx.Min - sx.Zero, sx.Max - sx.Zero))];
        var y = new (float Least, float Most)[Outputs * Side * Side];
        for (int o = 0; o < Outputs; o++)
        {
            double product = (double)sx.Scale * quantised.Scales[o], biasSteps = bias[o] / product;
            double slack = 0.001 * sy.Scale;
            if (target == QuantisationTarget.Cpu && Math.Abs(Math.Abs(biasSteps - Math.Truncate(biasSteps)) - 0.5) < 0.001)
                slack += product;
            for (int row = 0; row < Side; row++)
            {
                for (int column = 0; column < Side; column++)
                {
                    long sum = 0;
                    for (int c = 0; c < Inputs; c++)
                    {
                        for (int t = 0; t < 9; t++)
                        {
                            int r = row + (t / 3) - 1, k = column + (t % 3) - 1;
                            if (r is >= 0 and < Side && k is >= 0 and < Side)
                                sum += input[(((c * Side) + r) * Side) + k] * quantised.Numbers[(((o * Inputs) + c) * 9) + t];
                        }
                    }
                    double added = target == QuantisationTarget.Cpu ? Math.Round(biasSteps) * product : bias[o];
                    double value = (sum * product) + added;
                    y[(((o * Side) + row) * Side) + column] =
                        (sy.Dequantise(sy.Quantise(value - slack)), sy.Dequantise(sy.Quantise(value + slack)));
                }
            }
        }
        return y;
    }

    private static (ModelProto Model, string Result) Graph(float[] weight, float[] bias, QuantisationTarget target, ValueRange x, ValueRange y)
    {
        var graph = new GraphBuilder(19, halfWeights: false);
        Tensor input = graph.Input("x", DataType.Float, 1, Inputs, Side, Side);
        string w = graph.Weight("w", [Outputs, Inputs, 3, 3], weight.CopyTo), b = graph.Weight("b", [Outputs], bias.CopyTo);
        Tensor first = graph.Convolution("y", input, w, b, ConvolutionGeometry.Same(Outputs, 3));
        string next = graph.Weight("next.w", [2, Outputs, 1, 1], values => values.Fill(0.5f)), nextBias = graph.Weight("next.b", [2], values => values.Clear());
        graph.Output(graph.Convolution("z", first, next, nextBias, ConvolutionGeometry.Same(2, 1)));
        var model = new ModelProto { IrVersion = 9, Graph = graph.Graph, OpsetImport = { new OperatorSetIdProto { Version = 19 } } };
        foreach (Initializer initializer in graph.Initializers)
        {
            TensorProto tensor = initializer.Header();
            using var values = new MemoryStream();
            initializer.WriteValues(values);
            tensor.RawData = ByteString.CopyFrom(values.ToArray());
            model.Graph.Initializer.Add(tensor);
        }
        var options = new QuantisationOptions { Target = target };
        QuantisationPlan plan = QuantisationPlan.Of(model.Graph, options);
        Assert.Equal(target == QuantisationTarget.Cpu ? ["x", "y", "next.w"] : ["x", "y"], plan.Calibrated().Select(value => value.Group));
        var ranges = new Dictionary<string, IReadOnlyList<ValueRange>> { ["x"] = [x], ["y"] = [y], ["next.w"] = [new(-9, 20), new(-9, 20)] };
        new QdqWriter(model, plan, options, ranges).Write();
        // The dequantised result as an output too; the convolution in front of it still ends in a QuantizeLinear, and becomes an integer kernel.
        return (GraphCut.WithOutputs(model, ["y"]), "y");
    }
}
