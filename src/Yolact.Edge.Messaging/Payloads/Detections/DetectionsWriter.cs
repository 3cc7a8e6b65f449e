using System.Text.Json;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Messaging.Payloads.Detections;

/// <summary>
/// Writes detections messages (schema <c>detections.schema.json</c>) straight into pooled memory. Not safe for use from several
/// threads at once.
/// </summary>
public sealed class DetectionsWriter
{
    private readonly DetectionsOptions _options;
    private readonly ObjectWriter _objects;

    /// <summary>A writer.</summary>
    /// <param name="options">Profile, mask encoding, size cap.</param>
    public DetectionsWriter(DetectionsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _objects = new ObjectWriter(options);
    }

    /// <summary>
    /// Writes a message. One that would exceed the size cap is written again with less: polygons instead of run lengths, then boxes alone,
    /// then only as many objects as fit.
    /// </summary>
    /// <param name="message">What to say.</param>
    /// <param name="buffer">Is overwritten.</param>
    /// <returns>What had to be left out.</returns>
    public Truncation Write(in DetectionsMessage message, PayloadBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        MaskEncoding asked = _options.Profile == DetectionsProfile.Minimal ? MaskEncoding.None : _options.Masks;
        Truncation truncation = Truncation.None;
        for (MaskEncoding encoding = asked; ; encoding--)
        {
            if (TryWrite(message, buffer, encoding, message.Objects.Length, truncation))
                return truncation;
            if (encoding == MaskEncoding.None)
                break;
            truncation = encoding == MaskEncoding.CocoRle ? Truncation.Polygons : Truncation.Boxes;
        }

        // Boxes are about equally long, so that halving finds the number that fits in few steps.
        int count = message.Objects.Length;
        do
            count /= 2;
        while (!TryWrite(message, buffer, MaskEncoding.None, count, Truncation.Objects) && count > 0);
        return Truncation.Objects;
    }

    private bool TryWrite(in DetectionsMessage message, PayloadBuffer buffer, MaskEncoding encoding, int count, Truncation truncation)
    {
        Utf8JsonWriter json = buffer.BeginJson();
        json.WriteStartObject();
        TraceWriter.Write(json, message, _options.Profile);
        json.WriteBoolean("truncated"u8, truncation != Truncation.None);
        if (truncation != Truncation.None)
            json.WriteString("truncated_to"u8, TruncationNames.Of(truncation));
        json.WriteNumber("object_count"u8, message.Objects.Length);
        json.WriteStartArray("objects"u8);
        foreach (ref readonly Detection detection in message.Objects[..count])
        {
            _objects.Write(json, detection, message.Model.Labels, message.Frame, encoding);
            if (buffer.Length + json.BytesPending > _options.MaxBytes)
                return false;
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.Length <= _options.MaxBytes;
    }
}
