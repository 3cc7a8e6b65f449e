using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Onnx;

/// <summary>A part of a graph as a graph of its own.</summary>
internal static class GraphCut
{
    /// <summary>The nodes that lead from some values to others.</summary>
    /// <param name="model">The whole; not changed.</param>
    /// <param name="inputs">Values where the part begins; those it does not need are left out.</param>
    /// <param name="outputs">Values where it ends.</param>
    /// <exception cref="InvalidDataException">The graph has no such value, or its type is not stated.</exception>
    public static ModelProto Between(ModelProto model, IReadOnlyCollection<string> inputs, IReadOnlyCollection<string> outputs)
    {
        var index = new GraphIndex(model.Graph);
        HashSet<string> begin = [.. inputs], reached = [];
        HashSet<NodeProto> needed = [];
        var open = new Stack<string>(outputs);
        while (open.TryPop(out string? value))
        {
            if (!reached.Add(value) || begin.Contains(value))
                continue;
            if (index.ProducerOf(value) is { } node && needed.Add(node))
            {
                foreach (string input in node.Input.Where(input => input.Length > 0))
                    open.Push(input);
            }
        }
        ModelProto part = WithoutGraph(model);
        part.Graph = new GraphProto { Name = model.Graph.Name };
        part.Graph.Node.AddRange(model.Graph.Node.Where(needed.Contains)); // the order of the whole is an order of the part
        part.Graph.Initializer.AddRange(model.Graph.Initializer.Where(constant => reached.Contains(constant.Name)));
        part.Graph.Input.AddRange(inputs.Where(reached.Contains).Select(Described));
        part.Graph.Input.AddRange(model.Graph.Input.Where(input => reached.Contains(input.Name) && !begin.Contains(input.Name)));
        part.Graph.Output.AddRange(outputs.Select(Described));
        HashSet<string> made = [.. part.Graph.Node.SelectMany(node => node.Output), .. outputs];
        part.Graph.ValueInfo.AddRange(model.Graph.ValueInfo.Where(value => made.Contains(value.Name) && !outputs.Contains(value.Name)));
        return part;

        ValueInfoProto Described(string value) => index.DescriptionOf(value)
            ?? throw new InvalidDataException($"The graph says nothing of a value '{value}'.");
    }

    /// <summary>The whole graph with some inner values as outputs too.</summary>
    /// <param name="model">The whole; not changed.</param>
    /// <param name="values">Inner values.</param>
    public static ModelProto WithOutputs(ModelProto model, IReadOnlyCollection<string> values)
    {
        var index = new GraphIndex(model.Graph);
        HashSet<string> added = [.. values.Where(value => !index.IsOutput(value))];
        ModelProto tapped = WithoutGraph(model);
        tapped.Graph = new GraphProto { Name = model.Graph.Name };
        tapped.Graph.Node.AddRange(model.Graph.Node);
        tapped.Graph.Initializer.AddRange(model.Graph.Initializer);
        tapped.Graph.Input.AddRange(model.Graph.Input);
        tapped.Graph.Output.AddRange(model.Graph.Output);
        tapped.Graph.Output.AddRange(added.Select(value => index.DescriptionOf(value)
            ?? throw new InvalidDataException($"The graph says nothing of a value '{value}'.")));
        tapped.Graph.ValueInfo.AddRange(model.Graph.ValueInfo.Where(value => !added.Contains(value.Name)));
        return tapped;
    }

    // Messages are shared between the whole and the part, not copied: weights are large, and neither is changed.
    private static ModelProto WithoutGraph(ModelProto model)
    {
        var copy = new ModelProto { IrVersion = model.IrVersion, ProducerName = model.ProducerName };
        copy.OpsetImport.AddRange(model.OpsetImport);
        copy.MetadataProps.AddRange(model.MetadataProps);
        return copy;
    }
}
