using System.Text.Json;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Messaging.Payloads.Detections;

/// <summary>Writes where a detections message comes from: header, frame, edge, model, configuration, stages, results.</summary>
internal static class TraceWriter
{
    public static void Write(Utf8JsonWriter json, in DetectionsMessage message, DetectionsProfile profile)
    {
        Header(json, message.Header);
        json.WriteString("camera"u8, message.Camera);
        Frame(json, message, profile);
        Trigger(json, message, profile);
        Results(json, message.Results);
        if (profile == DetectionsProfile.Minimal)
            return;
        json.WriteStartObject("model"u8);
        json.WriteString("name"u8, message.Model.Name);
        json.WriteString("sha256"u8, message.Model.Sha256);
        json.WriteEndObject();
        json.WriteString("config_version"u8, message.ConfigVersion);
        Stages(json, message.Stages);
    }

    private static void Header(Utf8JsonWriter json, in MessageHeader header)
    {
        json.WriteString("id"u8, header.Id);
        json.WriteString("source"u8, header.Source);
        json.WriteStartObject("time"u8);
        json.WriteString("utc"u8, header.Time.Utc);
        json.WriteBoolean("utc_synchronized"u8, header.Time.UtcSynchronized);
        json.WriteNumber("monotonic_ns"u8, header.Time.MonotonicNs);
        json.WriteString("boot_id"u8, header.Time.BootId);
        json.WriteEndObject();
    }

    private static void Frame(Utf8JsonWriter json, in DetectionsMessage message, DetectionsProfile profile)
    {
        FrameTrace frame = message.Frame;
        json.WriteStartObject("frame"u8);
        json.WriteNumber("sequence"u8, frame.Sequence);
        json.WriteNumber("width"u8, frame.Width);
        json.WriteNumber("height"u8, frame.Height);
        if (profile != DetectionsProfile.Minimal)
        {
            json.WriteNumber("time_ns"u8, frame.Time.Time.Nanoseconds);
            json.WriteString("time_meaning"u8, MeaningOf(frame.Time.Meaning));
            json.WriteNumber("uncertainty_ns"u8, frame.Time.Uncertainty.Ticks * 100);
            json.WriteString("utc"u8, message.Header.Time.UtcOf(frame.Time.ExposureStart));
        }
        if (profile == DetectionsProfile.Full)
        {
            NullableNanoseconds(json, "exposure_ns"u8, frame.Time.Exposure);
            NullableNanoseconds(json, "readout_ns"u8, frame.Time.Readout);
        }
        json.WriteEndObject();
    }

    private static void Trigger(Utf8JsonWriter json, in DetectionsMessage message, DetectionsProfile profile)
    {
        if (message.Trigger is not { } edge)
        {
            json.WriteNull("trigger"u8);
            return;
        }
        json.WriteStartObject("trigger"u8);
        json.WriteNumber("edge_id"u8, edge.Id);
        json.WriteString("line"u8, edge.Line);
        json.WriteNumber("frame_index"u8, edge.FrameIndex);
        if (profile != DetectionsProfile.Minimal)
        {
            json.WriteNumber("edge_time_ns"u8, edge.Time.Nanoseconds);
            json.WriteNumber("frame_minus_edge_ns"u8, message.Frame.Time.ExposureStart.Nanoseconds - edge.Time.Nanoseconds);
        }
        json.WriteEndObject();
    }

    private static void Results(Utf8JsonWriter json, ReadOnlySpan<RuleOutcome> results)
    {
        json.WriteStartObject("result"u8);
        foreach (ref readonly RuleOutcome result in results)
        {
            json.WriteStartObject(result.Rule);
            json.WriteBoolean("met"u8, result.Met);
            json.WriteNumber("count"u8, result.Count);
            if (result.Line is not null)
                json.WriteString("line"u8, result.Line);
            if (result.PulseAt is { } at)
                json.WriteNumber("pulse_at_ns"u8, at.Nanoseconds);
            json.WriteBoolean("late"u8, result.Late);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Stages(Utf8JsonWriter json, in StageTimes stages)
    {
        json.WriteStartObject("stages_ms"u8);
        Milliseconds(json, "wait"u8, stages.Wait);
        Milliseconds(json, "preprocess"u8, stages.Preprocess);
        Milliseconds(json, "inference"u8, stages.Inference);
        Milliseconds(json, "postprocess"u8, stages.Postprocess);
        Milliseconds(json, "rules"u8, stages.Rules);
        Milliseconds(json, "total"u8, stages.Total);
        json.WriteEndObject();
    }

    private static void Milliseconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan span) =>
        json.WriteNumber(name, Math.Round(span.TotalMilliseconds, 3));

    private static void NullableNanoseconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan? span)
    {
        if (span is { } known)
            json.WriteNumber(name, known.Ticks * 100);
        else
            json.WriteNull(name);
    }

    private static ReadOnlySpan<byte> MeaningOf(FrameTimeMeaning meaning) => meaning switch
    {
        FrameTimeMeaning.ExposureStart => "exposure_start"u8,
        FrameTimeMeaning.ReadoutStart => "readout_start"u8,
        FrameTimeMeaning.ReadoutEnd => "readout_end"u8,
        _ => "arrival"u8,
    };
}
