using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yolact.Edge.Model.Configs;

/// <summary>Reads and writes <see cref="YolactConfig"/> as JSON: snake_case names, unknown members refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = false,
    WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    MaxDepth = 16,
    Converters = [typeof(SnakeCaseEnum<Normalization>), typeof(SnakeCaseEnum<BackboneKind>), typeof(SnakeCaseEnum<ResidualBlock>)])]
[JsonSerializable(typeof(YolactConfig))]
public sealed partial class ConfigJson : JsonSerializerContext;

/// <summary>Writes an enum's members in snake_case.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
