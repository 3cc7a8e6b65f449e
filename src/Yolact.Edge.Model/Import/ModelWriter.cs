using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Onnx;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Import;

/// <summary>Writes a network as ONNX files. A file appears under its name only when it is complete.</summary>
public static class ModelWriter
{
    // The standard operator set that brought DeformConv, and the newest that TensorRT's parser of JetPack 5 and 6.0 reads.
    private const int NativeOpset = 19;
    private const int GatherOpset = 17;

    /// <summary>Writes the main graph and, where the config has one, the re-scoring graph.</summary>
    /// <param name="metadata">The network and how to write it.</param>
    /// <param name="read">Where weights come from.</param>
    /// <param name="files">Where to; existing files are replaced.</param>
    /// <param name="progress">Told the share of the work done, 0..1.</param>
    /// <param name="cancellation">Stops; nothing half-written stays.</param>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public static void Write(ModelMetadata metadata, ParameterReader read, ModelFiles files,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(read);
        string main = files.Main + ".part", rescore = files.Rescore + ".part";
        try
        {
            WriteGraph(metadata, read, main, "yolact", network => YolactGraph.Add(network, metadata.Options.Input, metadata.Options.Taps),
                progress, cancellation);
            if (metadata.Config.MaskRescoring is not null)
            {
                WriteGraph(metadata, read, rescore, "rescore", RescoringGraph.Add, null, cancellation);
                File.Move(rescore, files.Rescore, overwrite: true);
            }
            else
            {
                // One that an earlier import left would not belong to the new main graph.
                File.Delete(files.Rescore);
            }
            File.Move(main, files.Main, overwrite: true);
        }
        finally
        {
            File.Delete(main);
            File.Delete(rescore);
        }
    }

    private static void WriteGraph(ModelMetadata metadata, ParameterReader read, string path, string name, Action<NetworkBuilder> build,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        ImportOptions options = metadata.Options;
        var graph = new GraphBuilder(options.Deform == DeformLowering.Native ? NativeOpset : GatherOpset, options.Weights == WeightStorage.Fp16,
            options.Compute == ComputePrecision.Fp16);
        build(new NetworkBuilder(metadata.Config, graph, read, options.Deform));
        graph.Graph.Name = $"{metadata.Config.Name}.{name}";
        var model = new ModelProto
        {
            IrVersion = options.Deform == DeformLowering.Native ? 9 : 8, // the IR versions that came with opsets 19 and 17
            ProducerName = metadata.Builder,
            OpsetImport = { new OperatorSetIdProto { Version = graph.Opset } },
        };
        foreach ((string key, string value) in metadata.ToProperties())
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        OnnxWriter.Write(model, graph.Graph, graph.Initializers, file, progress, cancellation);
        file.Flush(flushToDisk: true);
    }
}
