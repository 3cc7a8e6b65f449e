using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.Onnx;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Graphs;

/// <summary>One stage of a main graph as a graph of its own.</summary>
/// <param name="Name">Such as <c>backbone</c>.</param>
/// <param name="Path">The ONNX file.</param>
public sealed record GraphStage(string Name, string Path);

/// <summary>Cuts a main graph into its stages, to measure each. Between stages of a quantised graph go the values in 8 bits.</summary>
public static class GraphStages
{
    /// <summary>Writes the stages; the outputs of one are inputs of later ones, under the same names.</summary>
    /// <param name="model">The main graph.</param>
    /// <param name="folder">Where to.</param>
    /// <returns>The stages in the order they run: backbone, pyramid, prototypes, heads, selection.</returns>
    /// <exception cref="InvalidDataException">The file is no model of this program.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static IReadOnlyList<GraphStage> Write(string model, string folder)
    {
        YolactConfig config = OnnxMetadata.Read(model).Config;
        ModelProto whole = ModelReader.Read(model);
        var index = new GraphIndex(whole.Graph);
        string[] backbone = [.. StageTensors.Backbone(config).Select(Stored)], pyramid = [.. StageTensors.Pyramid(config).Select(Stored)];
        string[] selected = [.. whole.Graph.Output.Select(output => output.Name).Where(name => name != ModelOutputs.Prototype)];
        return
        [
            Cut("backbone", [ModelOutputs.Image], backbone),
            Cut("pyramid", backbone, pyramid),
            Cut("prototypes", pyramid, [ModelOutputs.Prototype]),
            Cut("heads", pyramid, [StageTensors.Rows]),
            Cut("selection", [StageTensors.Rows], selected),
        ];

        string Stored(string value) => index.IsUnknown($"{value}.q") ? value : $"{value}.q";

        GraphStage Cut(string name, string[] inputs, string[] outputs)
        {
            string path = Path.Combine(folder, $"{name}.onnx");
            ModelReader.Write(GraphCut.Between(whole, inputs, outputs), path);
            return new(name, path);
        }
    }
}
