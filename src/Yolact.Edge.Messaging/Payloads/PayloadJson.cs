using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Payloads.Detections;

namespace Yolact.Edge.Messaging.Payloads;

/// <summary>Writes and reads the payloads that are not on the frame's way.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    MaxDepth = 16,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(SnakeCaseEnum<DeviceState>), typeof(SnakeCaseEnum<DeviceEvent>), typeof(SnakeCaseEnum<EventSeverity>),
        typeof(SnakeCaseEnum<ConfigState>), typeof(SnakeCaseEnum<DetectionsProfile>), typeof(SnakeCaseEnum<MaskEncoding>),
    ])]
[JsonSerializable(typeof(StatusMessage))]
[JsonSerializable(typeof(EventMessage))]
[JsonSerializable(typeof(HealthMessage))]
[JsonSerializable(typeof(ConfigReportedMessage))]
[JsonSerializable(typeof(CommandResponseMessage))]
public sealed partial class PayloadJson : JsonSerializerContext
{
    internal static JsonWriterOptions WriterOptions { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a payload into a buffer.</summary>
    /// <typeparam name="T">A type of this context.</typeparam>
    /// <param name="buffer">Is overwritten.</param>
    /// <param name="payload">The payload.</param>
    public static void Write<T>(PayloadBuffer buffer, T payload)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Utf8JsonWriter json = buffer.BeginJson();
        JsonSerializer.Serialize(json, payload, Default.GetTypeInfo(typeof(T)) ?? throw new NotSupportedException($"{typeof(T)} is no payload."));
        json.Flush();
    }
}
