using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yolact.Edge.Vision.Tests.Golden;

/// <summary>What the reference gives for a network and a picture.</summary>
internal sealed record GoldenFile
{
    public required string Config { get; init; }

    public required string Image { get; init; }

    public required int[] ImageSize { get; init; }

    public required string ImageBgrSha256 { get; init; }

    public required Dictionary<string, GoldenTensor> Raw { get; init; }

    public required List<GoldenDetection> Detections { get; init; }

    public List<GoldenDetection>? Cross { get; init; }

    public List<GoldenDetection>? Traditional { get; init; }

    public static GoldenFile Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var json = new GZipStream(file, CompressionMode.Decompress);
        return JsonSerializer.Deserialize(json, GoldenJson.Default.GoldenFile) ?? throw new InvalidDataException(path);
    }
}

/// <summary>Statistics of a tensor, and some of its values at indices in C order.</summary>
internal sealed record GoldenTensor(long[] Shape, double Mean, double Std, double Min, double Max, int[] Index, float[] Value);

/// <summary>A detection; lists of other suppressions carry no masks.</summary>
internal sealed record GoldenDetection
{
    public required int Cls { get; init; }

    public required int Prior { get; init; }

    public required float Score { get; init; }

    public float? Maskiou { get; init; }

    public float? Rescored { get; init; }

    public required int[] Box { get; init; }

    [JsonPropertyName("box_float")]
    public float[]? BoxFloat { get; init; }

    public GoldenRle? Rle { get; init; }
}

/// <summary>A mask in COCO's compressed form; size is rows, columns.</summary>
internal sealed record GoldenRle(int[] Size, string Counts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GoldenFile))]
internal sealed partial class GoldenJson : JsonSerializerContext;
