using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Quantisation;

/// <summary>Takes out of a graph what nothing needs any more.</summary>
internal static class GraphPruning
{
    /// <summary>Removes nodes, constants and descriptions that no output depends on.</summary>
    public static void Prune(GraphProto graph)
    {
        HashSet<string> needed = [.. graph.Output.Select(output => output.Name)];
        var kept = new Stack<NodeProto>();
        foreach (NodeProto node in graph.Node.Reverse())
        {
            if (!node.Output.Any(needed.Contains))
                continue;
            kept.Push(node);
            needed.UnionWith(node.Input);
        }
        Keep(graph.Node, kept);
        Keep(graph.Initializer, graph.Initializer.Where(constant => needed.Contains(constant.Name)).ToArray());
        HashSet<string> made = [.. graph.Node.SelectMany(node => node.Output)];
        Keep(graph.ValueInfo, graph.ValueInfo.Where(value => made.Contains(value.Name)).ToArray());
    }

    private static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> field, IReadOnlyCollection<T> items)
    {
        field.Clear();
        field.AddRange(items);
    }
}
