using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Vision.Engines.Providers;

using ModelMetadata = Yolact.Edge.Model.Import.ModelMetadata;

namespace Yolact.Edge.Vision.Engines;

/// <summary>An ONNX file of this program's own writing, loaded, and checked against what its metadata says.</summary>
internal sealed class OnnxModel : IDisposable
{
    private OnnxModel(string path, ModelMetadata metadata, InferenceSession session, SessionIO io) =>
        (Path, Metadata, Session, IO) = (path, metadata, session, io);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What the file says of itself.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>The runtime's session. Runs may overlap.</summary>
    public InferenceSession Session { get; }

    /// <summary>Makes bindings to the session's inputs and outputs.</summary>
    public SessionIO IO { get; }

    /// <summary>Loads a file.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="setup">What runs it.</param>
    /// <param name="read">Reads the graph where the file is not to be taken as it is.</param>
    /// <exception cref="ModelException">There is no such file, or it is none of ours, or the runtime refuses it.</exception>
    /// <exception cref="EngineException">The runtime or the provider cannot be used.</exception>
    public static OnnxModel Open(string path, EngineOptions options, EngineSetup setup, Func<byte[]>? read = null)
    {
        ModelMetadata metadata = ReadMetadata(path);
        try
        {
            InferenceSession session = SessionMaker.Make(path, read?.Invoke(), options, setup);
            return new OnnxModel(path, metadata, session, OpenIO(session, setup.Provider, options.Tensorrt.CudaGraph));
        }
        catch (Exception error) when (error is OnnxRuntimeException or InvalidDataException)
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
    public void Dispose()
    {
        IO.Dispose();
        Session.Dispose();
    }

    private static SessionIO OpenIO(InferenceSession session, ExecutionProvider provider, bool onDevice)
    {
        try
        {
            return SessionMaker.OnProvider(provider, () => new SessionIO(session, provider, onDevice));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

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
