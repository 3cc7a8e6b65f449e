using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.TensorRt;

/// <summary>
/// The restrictions that the parser's published table puts on single operators, as far as they touch graphs of this kind
/// (onnx-tensorrt, docs/operators.md, release 10.1; earlier releases are the same where they know the operator).
/// </summary>
internal static class OperatorRules
{
    /// <summary>The parser takes fewer than this many largest elements.</summary>
    private const long TopKLimit = 3840;

    public static IEnumerable<string> Check(NodeProto node, GraphValues values) => node.OpType switch
    {
        "DeformConv" => DeformConv(node, values),
        "Resize" => Resize(node),
        "TopK" => TopK(node, values),
        "MaxPool" => MaxPool(node),
        "Pad" => Constant(node, values, (1, "pads"), (3, "axes")),
        "Slice" => Constant(node, values, (3, "axes")),
        "ReduceMax" => Constant(node, values, (1, "axes")),
        "QuantizeLinear" or "DequantizeLinear" => ZeroPoint(node, values),
        "GridSample" => Rank(node, values, 4),
        _ => [],
    };

    private static IEnumerable<string> DeformConv(NodeProto node, GraphValues values)
    {
        if (node.Input.Count < 4 || node.Input[3].Length == 0)
            yield return "the bias is missing";
        if (values.RankOf(node.Input[0]) is not (3 or 4))
            yield return "one or two spatial dimensions are taken";
        if (node.Input.Where(name => name.Length > 0).Select(values.TypeOf).Distinct().Count() > 1)
            yield return "all inputs must be of one type";
        long[] pads = Ints(node, "pads");
        if (!pads.AsSpan(0, pads.Length / 2).SequenceEqual(pads.AsSpan(pads.Length / 2)))
            yield return $"pads [{string.Join(", ", pads)}]: begin and end must be equal on each axis";
    }

    private static IEnumerable<string> Resize(NodeProto node)
    {
        string mode = Text(node, "mode", "nearest"), coordinates = Text(node, "coordinate_transformation_mode", "half_pixel");
        if (mode is not ("nearest" or "linear"))
            yield return $"mode {mode}: taken are nearest and linear";
        if (coordinates is not ("half_pixel" or "pytorch_half_pixel" or "tf_half_pixel_for_nn" or "asymmetric" or "align_corners"))
            yield return $"coordinate_transformation_mode {coordinates} is not taken";
        if (Int(node, "antialias", 0) != 0)
            yield return "antialias is not taken";
        if (Text(node, "keep_aspect_ratio_policy", "stretch") is var policy and not "stretch")
            yield return $"keep_aspect_ratio_policy {policy}: only stretch is taken";
    }

    private static IEnumerable<string> TopK(NodeProto node, GraphValues values)
    {
        if (Int(node, "sorted", 1) != 1)
            yield return "sorted must be 1";
        if (values.Longs(node.Input[1]) is not [long k])
            yield return "K must be a constant";
        else if (k >= TopKLimit)
            yield return $"K is {k}: below {TopKLimit} is taken";
    }

    private static IEnumerable<string> MaxPool(NodeProto node)
    {
        if (node.Output.Count > 1)
            yield return "the indices output is not taken";
        if (Ints(node, "dilations").Any(dilation => dilation != 1))
            yield return "dilation is not taken";
    }

    private static IEnumerable<string> Constant(NodeProto node, GraphValues values, params (int Index, string What)[] inputs) =>
        inputs.Where(input => input.Index < node.Input.Count && node.Input[input.Index].Length > 0 && !values.IsConstant(node.Input[input.Index]))
            .Select(input => $"{input.What} must be constant");

    private static IEnumerable<string> ZeroPoint(NodeProto node, GraphValues values)
    {
        if (node.Input.Count > 2 && node.Input[2].Length > 0 && !values.IsZero(node.Input[2]))
            yield return "the zero point must be 0";
    }

    private static IEnumerable<string> Rank(NodeProto node, GraphValues values, int rank)
    {
        if (values.RankOf(node.Input[0]) != rank)
            yield return $"{rank} dimensions are taken";
    }

    private static AttributeProto? Find(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    private static long Int(NodeProto node, string name, long otherwise) => Find(node, name)?.I ?? otherwise;

    private static string Text(NodeProto node, string name, string otherwise) => Find(node, name)?.S.ToStringUtf8() ?? otherwise;

    private static long[] Ints(NodeProto node, string name) => Find(node, name)?.Ints.ToArray() ?? [];
}
