using System.Text.Json.Serialization;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Pipeline.Evidence;
using Yolact.Edge.Rules;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Memory;
using Yolact.Edge.Vision.Engines.Providers;
using Yolact.Edge.Vision.Masks;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Configuration;

/// <summary>Reads and writes <see cref="ApplianceOptions"/>: snake_case names, enums as words.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    IgnoreReadOnlyProperties = true,
    MaxDepth = 16,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters =
    [
        typeof(SnakeCaseEnum<CameraKind>), typeof(SnakeCaseEnum<TriggerMode>), typeof(SnakeCaseEnum<LineEdge>), typeof(SnakeCaseEnum<DebounceMode>),
        typeof(SnakeCaseEnum<GpioDriverKind>), typeof(SnakeCaseEnum<LineBias>), typeof(SnakeCaseEnum<LineDrive>), typeof(SnakeCaseEnum<ExecutionProvider>),
        typeof(SnakeCaseEnum<OverBudget>), typeof(SnakeCaseEnum<TensorRtPrecision>), typeof(SnakeCaseEnum<NmsMode>),
        typeof(SnakeCaseEnum<MaskResolution>), typeof(SnakeCaseEnum<RuleMatch>), typeof(SnakeCaseEnum<RuleUnit>), typeof(SnakeCaseEnum<MqttVersion>),
        typeof(SnakeCaseEnum<DetectionsProfile>), typeof(SnakeCaseEnum<ModelSwap>), typeof(SnakeCaseEnum<MaskEncoding>), typeof(SnakeCaseEnum<EvidenceFrames>),
    ])]
[JsonSerializable(typeof(ApplianceOptions))]
public sealed partial class ApplianceJson : JsonSerializerContext;
