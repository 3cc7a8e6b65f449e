using System.Text.Json.Serialization;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Commands;

/// <summary>Reads requests, strictly, and writes results.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    MaxDepth = 8,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters =
    [
        typeof(SnakeCaseEnum<SnapshotTarget>), typeof(SnakeCaseEnum<LogThreshold>), typeof(SnakeCaseEnum<DeviceState>), typeof(SnakeCaseEnum<EventSeverity>),
    ])]
[JsonSerializable(typeof(CaptureRequest))]
[JsonSerializable(typeof(CaptureResult))]
[JsonSerializable(typeof(SnapshotRequest))]
[JsonSerializable(typeof(SnapshotResult))]
[JsonSerializable(typeof(ReloadModelRequest))]
[JsonSerializable(typeof(ReloadModelResult))]
[JsonSerializable(typeof(RollbackConfigRequest))]
[JsonSerializable(typeof(RollbackConfigResult))]
[JsonSerializable(typeof(DiagnosticsRequest))]
[JsonSerializable(typeof(DiagnosticsResult))]
[JsonSerializable(typeof(RestartRequest))]
[JsonSerializable(typeof(RestartResult))]
[JsonSerializable(typeof(SetLogLevelRequest))]
[JsonSerializable(typeof(SetLogLevelResult))]
public sealed partial class CommandJson : JsonSerializerContext;
