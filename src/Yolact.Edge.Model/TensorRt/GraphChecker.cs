using Google.Protobuf;
using Yolact.Edge.Model.Onnx.Format;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.TensorRt;

/// <summary>
/// Walks a graph and finds what TensorRT's parser does not take by its published table: operators, element types, attributes and
/// shapes. A clean graph is "accepted by the parser's published table"; only a device can say more.
/// </summary>
public static class GraphChecker
{
    /// <summary>Checks an ONNX file.</summary>
    /// <param name="path">Written by this program, with the types of inner values.</param>
    /// <param name="table">What the parser takes.</param>
    /// <returns>A line for each offence, with the node's name; empty where there is none.</returns>
    /// <exception cref="InvalidDataException">The file is no ONNX file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Check(string path, ParserTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        try
        {
            using FileStream file = File.OpenRead(path);
            return Check(ModelProto.Parser.ParseFrom(file), table);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"{path} is no ONNX file, or is damaged.", error);
        }
    }

    internal static IReadOnlyList<string> Check(ModelProto model, ParserTable table)
    {
        var offences = new List<string>();
        foreach (OperatorSetIdProto set in model.OpsetImport)
        {
            if (set.Domain.Length > 0)
                offences.Add($"operator set '{set.Domain}': only the standard one is taken");
            else if (set.Version > table.MaxOpset)
                offences.Add($"opset {set.Version}: TensorRT {table.Version} reads up to {table.MaxOpset}");
        }
        var values = new GraphValues(model.Graph);
        foreach (NodeProto node in model.Graph.Node)
        {
            string where = $"{node.Name} ({node.OpType})";
            if (node.Domain.Length > 0)
            {
                offences.Add($"{where}: of operator set '{node.Domain}', only the standard one is taken");
                continue;
            }
            if (table.TypesOf(node.OpType) is not { } types)
            {
                offences.Add($"{where}: not an operator of TensorRT {table.Version}'s parser");
                continue;
            }
            offences.AddRange(CheckTypes(node, types, values).Concat(CheckSizes(node, values)).Concat(OperatorRules.Check(node, values)).Select(offence => $"{where}: {offence}"));
        }
        return offences;
    }

    private static IEnumerable<string> CheckTypes(NodeProto node, IReadOnlySet<string> types, GraphValues values)
    {
        // Of (de)quantisation the table lists the types of the data that go in.
        IEnumerable<string> names = node.OpType is "QuantizeLinear" or "DequantizeLinear" ? node.Input.Take(1) : node.Input.Concat(node.Output);
        foreach (string name in names.Where(name => name.Length > 0))
        {
            DataType type = values.TypeOf(name);
            if (type == DataType.Undefined)
                yield return $"the type of '{name}' is not known";
            else if (type == DataType.Uint8)
            {
                if (node.OpType != "Cast" || !values.IsBoundary(name))
                    yield return $"'{name}' is UINT8, which is taken only as an input or output of the network next to a Cast";
            }
            else if (!types.Contains(TableName(type)) && !IsShapeOperand(node, name))
                yield return $"'{name}' is {TableName(type)}; taken are {string.Join(", ", types.Order(StringComparer.Ordinal))}";
        }
    }

    // A size that is open makes TensorRT build its engine anew whenever it leaves what it has seen.
    private static IEnumerable<string> CheckSizes(NodeProto node, GraphValues values) => node.Input.Concat(node.Output)
        .Where(name => name.Length > 0 && values.TypeOf(name) != DataType.Undefined && !values.IsFixed(name))
        .Select(name => $"the size of '{name}' is not fixed");

    // Indices, shapes and counts are int64 by the ONNX specification whatever the operator's data are.
    private static bool IsShapeOperand(NodeProto node, string name) => (node.OpType, node.Input.IndexOf(name), node.Output.IndexOf(name)) switch
    {
        ("Resize" or "Reshape" or "Slice" or "Split" or "Gather" or "Pad" or "ReduceMax" or "TopK", > 0, _) => true,
        ("TopK", _, 1) => true,
        _ => false,
    };

    private static string TableName(DataType type) => type switch
    {
        DataType.Float => "FP32",
        DataType.Float16 => "FP16",
        _ => type.ToString().ToUpperInvariant(),
    };
}
