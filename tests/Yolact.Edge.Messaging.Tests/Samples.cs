using Yolact.Edge.Imaging;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Messaging.Tests;

/// <summary>Messages with fixed content, the ones that the golden files hold.</summary>
internal static class Samples
{
    public static readonly TopicTree Topics = new("press-3");

    public static readonly ModelTrace Model = new("belt", new string('a', 64), ["nut", "washer"]);

    public static MessageStamp Stamp() =>
        new MessageStamp(Topics, new StoppedClock(), "0123456789ab", "3f0f9f6e-1111-4222-8333-444455556666", () => true);

    public static string Text(PayloadBuffer buffer) => System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);

    /// <summary>A ring of 5 x 5 px with a hole of 1 px, in a picture of 16 x 12 px.</summary>
    public static BinaryMask Ring()
    {
        ulong[] columns = [0b11111, 0b11111, 0b11011, 0b11111, 0b11111];
        return new BinaryMask(16, 12, new PixelRect(3, 2, 5, 5), columns);
    }

    public static Detection[] Objects(int count = 2)
    {
        var objects = new Detection[count];
        for (int i = 0; i < count; i++)
            objects[i] = new Detection(i % 2, 0.9876543f - (0.001f * i), i % 2 == 0 ? 0.8f : float.NaN, new Box(3, 2.125f, 8, 7), 100 + i, Ring());
        return objects;
    }

    public static DetectionsMessage Triggered(MessageStamp stamp, ReadOnlySpan<Detection> objects, ReadOnlySpan<RuleOutcome> results)
    {
        MessageHeader header = stamp.Next($"{Topics.Root}/camera/main");
        var now = new MonotonicTime(header.Time.MonotonicNs);
        return new DetectionsMessage
        {
            Header = header,
            Camera = "main",
            Frame = new FrameTrace(42, 16, 12, new FrameTime(
                now + TimeSpan.FromMilliseconds(-100), FrameTimeMeaning.ExposureStart, TimeSpan.FromMicroseconds(5), TimeSpan.FromMilliseconds(4))),
            Trigger = new EdgeTrace(7, now + TimeSpan.FromMilliseconds(-110), "part-present"),
            Model = Model,
            ConfigVersion = "1",
            Stages = new StageTimes(
                TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(3.5),
                TimeSpan.FromMicroseconds(12), TimeSpan.FromMilliseconds(100)),
            Objects = objects,
            Results = results,
        };
    }

    public static RuleOutcome[] Results() =>
    [
        new("reject-nuts", true, 1, "reject", new MonotonicTime(123_456_789), false),
        new("too-many", false, 2, null, null, false),
    ];

    public static DetectionsMessage FreeRunning(MessageStamp stamp, ReadOnlySpan<Detection> objects)
    {
        DetectionsMessage message = Triggered(stamp, objects, []);
        return new DetectionsMessage
        {
            Header = message.Header,
            Camera = message.Camera,
            Frame = message.Frame,
            Model = message.Model,
            ConfigVersion = message.ConfigVersion,
            Stages = message.Stages,
            Objects = objects,
        };
    }

    public static StatusMessage Status(MessageStamp stamp)
    {
        MessageHeader header = stamp.Next();
        return new(header.Id, header.Source, header.Time, DeviceState.Degraded, ["The camera 'main' gives no frames."],
            new Dictionary<string, string> { ["program"] = "0.1.0", ["model"] = "belt" }, stamp.Run, 3, Commands: true);
    }

    public static EventMessage Event(MessageStamp stamp)
    {
        MessageHeader header = stamp.Next();
        return new(header.Id, header.Source, header.Time, DeviceEvent.UnansweredEdge, EventSeverity.Warning,
            "No frame answered edge 7 within 500 ms.", Camera: "main", EdgeId: 7, Line: "part-present");
    }

    public static HealthMessage Health(MessageStamp stamp)
    {
        MessageHeader header = stamp.Next();
        return new(header.Id, header.Source, header.Time, 61.5, 9.8, new FrameCounts(1000, 600, 600, 400, 0, 0, 0, 0),
            new Dictionary<string, StageFigures> { ["inference"] = new(80.5, 120.25) },
            new Dictionary<string, int> { ["promised"] = 0, ["live"] = 1 },
            new MemoryFigures(310.5, 20.25, 7620, 4100, 512, [10, 2, 1]),
            new Dictionary<string, double> { ["cpu-thermal"] = 51.5 }, new Dictionary<string, double> { ["VDD_IN"] = 6.75 }, 0.45,
            new ThrottlingFigures(0, [], 0.25),
            new EngineFigures("cuda", [new("tensorrt", "the native library was built without it")], null, null, 812.5, "rss+nvmap", 1500, true, null, 16, []));
    }

    public static ConfigReportedMessage Reported(MessageStamp stamp)
    {
        MessageHeader header = stamp.Next();
        return new(header.Id, header.Source, header.Time, "7", "6", "6", ConfigState.Rejected, 400,
            [new ConfigError("/cameras/0/rate", "1..1000 frames a second, not 0")]);
    }

    public static CommandResponseMessage Captured(MessageStamp stamp)
    {
        MessageHeader header = stamp.Next();
        var result = new CaptureResult("main", 7, header.Time.MonotonicNs, header.Time.BootId);
        return Response(header, CommandNames.Capture, CommandReply.Done("Edge 7 asks for a picture.", result, CommandJson.Default.CaptureResult));
    }

    public static CommandResponseMessage Diagnosed(MessageStamp stamp)
    {
        MessageHeader header = stamp.Next();
        HealthMessage health = Health(stamp);
        var result = new DiagnosticsResult(DeviceState.Ready, [], new Dictionary<string, string> { ["yolact-edge"] = "0.1.0", ["model"] = "belt" }, "7", stamp.Run, 61.5,
            "running", 9.8, health.Frames, new Dictionary<string, double> { ["inference"] = 80.5 }, new ConnectionFigures(3, 1200, 4, 0, 0, 12, 0), health.Memory,
            health.TemperaturesC, health.PowerW, health.GpuLoad, health.Throttling,
            [new LoggedProblem(header.Time.Utc, EventSeverity.Warning, "Yolact.Edge.Messaging.Sessions.MqttSession", "Lost the broker at plant:8883: no answer in time.")]);
        return Response(header, CommandNames.Diagnostics, CommandReply.Done("Ready.", result, CommandJson.Default.DiagnosticsResult));
    }

    public static CommandResponseMessage Refused(MessageStamp stamp) => Response(stamp.Next(), CommandNames.Capture,
        new CommandReply(CommandCode.Conflict, "In trigger mode FreeRun pictures cannot be asked for; set mode to software or edge."));

    private static CommandResponseMessage Response(MessageHeader header, string command, CommandReply reply) =>
        new(header.Id, header.Source, header.Time, command, reply.Code, reply.Message, reply.Result);

    private sealed class StoppedClock : TimeProvider
    {
        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => 61_500_000_000;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 23, 1, 2, 3, 456, TimeSpan.Zero);
    }
}
