using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;

using ModelMetadata = Yolact.Edge.Model.Import.ModelMetadata;

namespace Yolact.Edge.Vision.Engines;

/// <summary>An ONNX file of this program's own writing, loaded, and checked against what its metadata says.</summary>
internal sealed class OnnxModel : IDisposable
{
    private OnnxModel(string path, ModelMetadata metadata, InferenceSession session) =>
        (Path, Metadata, Session) = (path, metadata, session);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What the file says of itself.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>The runtime's session. Runs may overlap.</summary>
    public InferenceSession Session { get; }

    /// <summary>Loads a file.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Valid options.</param>
    /// <exception cref="ModelException">There is no such file, or it is none of ours, or the runtime refuses it.</exception>
    public static OnnxModel Open(string path, EngineOptions options)
    {
        ModelMetadata metadata = ReadMetadata(path);
        using var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = options.Threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spin ? "1" : "0");
        try
        {
            return new OnnxModel(path, metadata, new InferenceSession(path, session));
        }
        catch (OnnxRuntimeException error)
        {
            string reason = error.Message.TrimEnd('.', '\n');
            throw new ModelException(
                path, $"ONNX Runtime refuses it ({reason}); import it anew with 'yolact-edge model import'", error);
        }
    }

    /// <summary>Checks an input's type and shape.</summary>
    /// <param name="name">Of the input.</param>
    /// <param name="type">What it must be.</param>
    /// <param name="shape">What it must be.</param>
    /// <exception cref="ModelException">It is missing or otherwise.</exception>
    public void RequireInput(string name, TensorElementType type, params ReadOnlySpan<long> shape) =>
        Require("input", Session.InputMetadata, name, type, shape);

    /// <summary>Checks an output's type and shape.</summary>
    /// <param name="name">Of the output.</param>
    /// <param name="type">What it must be.</param>
    /// <param name="shape">What it must be.</param>
    /// <exception cref="ModelException">It is missing or otherwise.</exception>
    public void RequireOutput(string name, TensorElementType type, params ReadOnlySpan<long> shape) =>
        Require("output", Session.OutputMetadata, name, type, shape);

    /// <summary>The first dimension of an input or output; 0 where there is none of that name, or it is not fixed.</summary>
    /// <param name="nodes">The session's inputs or outputs.</param>
    /// <param name="name">Of the input or output.</param>
    public static int FirstDimension(IReadOnlyDictionary<string, NodeMetadata> nodes, string name) =>
        nodes.TryGetValue(name, out NodeMetadata? node) && node.IsTensor && node.Dimensions.Length > 0
            ? Math.Max(node.Dimensions[0], 0) : 0;

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    private static ModelMetadata ReadMetadata(string path)
    {
        if (!File.Exists(path))
            throw new ModelException(path, Directory.Exists(path) ? "this is a folder, not a file" : "there is no such file");
        try
        {
            return OnnxMetadata.Read(path);
        }
        catch (Exception error)
            when (error is InvalidConfigException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException(path, error.Message.TrimEnd('.'), error);
        }
    }

    private void Require(string kind, IReadOnlyDictionary<string, NodeMetadata> present, string name, TensorElementType type,
        ReadOnlySpan<long> shape)
    {
        if (!present.TryGetValue(name, out NodeMetadata? node))
        {
            string others = string.Join(", ", present.Keys.Order());
            throw new ModelException(Path, $"the graph has no {kind} '{name}', only {others}; import the model anew");
        }
        long[] dimensions = node.IsTensor ? [.. node.Dimensions.Select(d => (long)d)] : [];
        if (node.IsTensor && node.ElementDataType == type && dimensions.AsSpan().SequenceEqual(shape))
            return;
        string found = node.IsTensor ? Describe(node.ElementDataType, dimensions) : node.OnnxValueType.ToString();
        string wanted = Describe(type, shape.ToArray());
        throw new ModelException(
            Path, $"{kind} '{name}' is {found}, but config '{Metadata.Config.Name}' asks for {wanted}; import the model anew");
    }

    private static string Describe(TensorElementType type, long[] shape) => $"{type} [{string.Join(", ", shape)}]";
}
