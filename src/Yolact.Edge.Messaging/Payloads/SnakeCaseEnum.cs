using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yolact.Edge.Messaging.Payloads;

/// <summary>Writes an enum's members in snake_case.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
