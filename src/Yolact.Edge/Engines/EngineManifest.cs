using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yolact.Edge.Engines;

/// <summary>What lies beside an engine's files and says what they are.</summary>
/// <param name="Key">What they were made for.</param>
/// <param name="BuiltAt">When.</param>
/// <param name="BuildSeconds">How long it took.</param>
/// <param name="Files">The files.</param>
public sealed record EngineManifest(EngineKey Key, DateTimeOffset BuiltAt, double BuildSeconds, IReadOnlyList<EngineFile> Files)
{
    /// <summary>Name of the manifest in an entry and in an archive.</summary>
    public const string FileName = "engine.json";

    /// <summary>A manifest is never larger.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Bytes of all files.</summary>
    [JsonIgnore]
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">UTF-8.</param>
    /// <exception cref="InvalidDataException">It is none, or is damaged.</exception>
    public static EngineManifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EngineJson.Default.EngineManifest) ?? throw new InvalidDataException("the manifest is empty");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"the manifest cannot be read ({error.Message.TrimEnd('.')})", error);
        }
    }

    /// <summary>As UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Default.EngineManifest);
}

/// <summary>One file of an engine.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, lower-case hexadecimal.</param>
public sealed record EngineFile(string Name, long Bytes, string Sha256);

/// <summary>Reads and writes manifests, requests and lists.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 8,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(EngineManifest))]
[JsonSerializable(typeof(EngineRequest))]
[JsonSerializable(typeof(EngineFacts))]
[JsonSerializable(typeof(EngineReport))]
[JsonSerializable(typeof(IReadOnlyList<CachedEngine>))]
internal sealed partial class EngineJson : JsonSerializerContext;
