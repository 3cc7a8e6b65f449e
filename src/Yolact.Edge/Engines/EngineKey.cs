using System.Security.Cryptography;
using System.Text;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Engines;

/// <summary>Everything that makes an engine useless when it changes.</summary>
/// <param name="Model">Name of the model: TensorRT finds its files by it.</param>
/// <param name="ModelSha256">SHA-256 of its graphs, one after another, lower-case hexadecimal.</param>
/// <param name="OnnxRuntime">Version of the native library.</param>
/// <param name="TensorRt">Version of TensorRT.</param>
/// <param name="Cuda">Version of the CUDA runtime.</param>
/// <param name="Gpu">Name, compute capability and multiprocessors.</param>
/// <param name="Precision">What it may compute in: <c>fp32</c>, <c>fp16</c> or <c>int8</c>.</param>
/// <param name="Options">The provider's other options, <c>name=value</c> a line.</param>
public sealed record EngineKey(
    string Model, string ModelSha256, string OnnxRuntime, string TensorRt, string Cuda, string Gpu, string Precision, string Options)
{
    private const int IdLength = 32;

    /// <summary>The key of a model on a machine.</summary>
    /// <param name="files">The model.</param>
    /// <param name="rescores">Whether its re-scoring graph is used.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="limits">What the engine may take.</param>
    /// <param name="onnxRuntime">Version of the native library.</param>
    /// <param name="gpu">The machine.</param>
    /// <exception cref="IOException">A graph cannot be read.</exception>
    public static EngineKey Of(ModelFiles files, bool rescores, EngineOptions options, EngineLimits limits, string onnxRuntime, GpuFacts gpu)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(gpu);
        IEnumerable<string> lines = options.Tensorrt.ToProviderOptions(limits).Select(option => $"{option.Key}={option.Value}");
        return new EngineKey(
            files.Name, HashOf(files, rescores), onnxRuntime, gpu.TensorRt, gpu.Cuda, gpu.Gpu, options.Tensorrt.Precision.ToString().ToLowerInvariant(),
            string.Join('\n', [$"rescoring_batch={(rescores ? limits.RescoringBatch : 0)}", .. lines]));
    }

    /// <summary>The canonical text: one part a line, in this order, then the options.</summary>
    public string Text() => string.Join('\n', [.. Parts().Select(part => $"{part.Name}={part.Value}"), Options, ""]);

    /// <summary>What an entry is called: the first half of the canonical text's SHA-256, hexadecimal.</summary>
    public string Id() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text())))[..IdLength];

    /// <summary>True where both were made by the same software for the same GPU.</summary>
    /// <param name="other">Another key.</param>
    public bool IsOfSameMachine(EngineKey other) => !MachineDifferences(other).Any();

    /// <summary>Where the machine of this key is another than the other's, in words.</summary>
    /// <param name="other">The key of this machine.</param>
    public IEnumerable<string> MachineDifferences(EngineKey other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Machine().Zip(other.Machine(), (mine, its) => (mine, its)).Where(pair => pair.mine.Value != pair.its.Value)
            .Select(pair => $"{pair.mine.Name} is {pair.mine.Value}, here it is {pair.its.Value}");
    }

    private IEnumerable<(string Name, string Value)> Parts() =>
        [("model", Model), ("model_sha256", ModelSha256), .. Machine(), ("precision", Precision)];

    private (string Name, string Value)[] Machine() => [("onnx_runtime", OnnxRuntime), ("tensorrt", TensorRt), ("cuda", Cuda), ("gpu", Gpu)];

    private static string HashOf(ModelFiles files, bool rescores)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        foreach (string path in (string[])(rescores ? [files.Main, files.Rescore] : [files.Main]))
        {
            using FileStream file = File.OpenRead(path);
            for (int read; (read = file.Read(buffer)) > 0;)
                hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
