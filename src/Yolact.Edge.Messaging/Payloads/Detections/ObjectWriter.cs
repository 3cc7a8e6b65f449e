using System.Buffers;
using System.Text.Json;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Polygons;
using Yolact.Edge.Imaging.Rle;

namespace Yolact.Edge.Messaging.Payloads.Detections;

/// <summary>Writes one object of a detections message.</summary>
/// <param name="options">Profile and tolerance.</param>
internal sealed class ObjectWriter(DetectionsOptions options)
{
    // A hundredth of a pixel and a hundred-thousandth of a score: more digits are noise, and half of the message.
    private const int PixelDigits = 2, ScoreDigits = 5;

    private readonly ArrayBufferWriter<byte> _counts = new(4096);
    private readonly MaskContours _contours = new();
    private readonly RingSimplifier _simplifier = new();

    public void Write(Utf8JsonWriter json, in Detection detection, IReadOnlyList<string> labels, in FrameTrace frame, MaskEncoding masks)
    {
        bool minimal = options.Profile == DetectionsProfile.Minimal;
        json.WriteStartObject();
        json.WriteString("label"u8, (uint)detection.ClassId < (uint)labels.Count ? labels[detection.ClassId] : "");
        json.WriteNumber("class_id"u8, detection.ClassId);
        json.WriteNumber("score"u8, Math.Round(detection.Score, ScoreDigits));
        if (!minimal)
        {
            json.WriteNumber("class_score"u8, Math.Round(detection.ClassScore, ScoreDigits));
            if (float.IsNaN(detection.MaskIou))
                json.WriteNull("mask_iou"u8);
            else
                json.WriteNumber("mask_iou"u8, Math.Round(detection.MaskIou, ScoreDigits));
        }
        WriteBox(json, detection.Box);
        if (!minimal)
            WriteMask(json, detection.Mask, frame, masks);
        if (options.Profile == DetectionsProfile.Full)
            json.WriteNumber("prior"u8, detection.Prior);
        json.WriteEndObject();
    }

    private static void WriteBox(Utf8JsonWriter json, Box box)
    {
        json.WriteStartObject("box"u8);
        json.WriteNumber("x1"u8, Math.Round(box.X1, PixelDigits));
        json.WriteNumber("y1"u8, Math.Round(box.Y1, PixelDigits));
        json.WriteNumber("x2"u8, Math.Round(box.X2, PixelDigits));
        json.WriteNumber("y2"u8, Math.Round(box.Y2, PixelDigits));
        json.WriteEndObject();
    }

    private void WriteMask(Utf8JsonWriter json, in BinaryMask mask, in FrameTrace frame, MaskEncoding encoding)
    {
        // A mask at another size than the picture's has no area in source pixels, and would be drawn in the wrong place.
        if (mask.Width != frame.Width || mask.Height != frame.Height)
        {
            json.WriteNull("area"u8);
            json.WriteNull("mask"u8);
            return;
        }
        json.WriteNumber("area"u8, MaskMeasures.Area(mask));
        switch (encoding)
        {
            case MaskEncoding.CocoRle:
                WriteRunLengths(json, mask);
                break;
            case MaskEncoding.Polygon:
                WritePolygons(json, mask);
                break;
            default:
                json.WriteNull("mask"u8);
                break;
        }
    }

    private void WriteRunLengths(Utf8JsonWriter json, in BinaryMask mask)
    {
        _counts.ResetWrittenCount();
        RunLengthEncoder.Encode(mask, _counts);
        BeginMask(json, "coco_rle"u8, mask);
        json.WriteString("counts"u8, _counts.WrittenSpan);
        json.WriteEndObject();
    }

    private void WritePolygons(Utf8JsonWriter json, in BinaryMask mask)
    {
        _contours.Trace(mask);
        BeginMask(json, "polygon"u8, mask);
        WriteRings(json, "polygons"u8, holes: false);
        WriteRings(json, "holes"u8, holes: true);
        json.WriteEndObject();
    }

    private void WriteRings(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool holes)
    {
        json.WriteStartArray(name);
        for (int ring = 0; ring < _contours.Count; ring++)
        {
            if (_contours.IsHole(ring) != holes)
                continue;
            json.WriteStartArray();
            foreach (PixelPoint corner in _simplifier.Simplify(_contours[ring], options.PolygonTolerance))
            {
                json.WriteNumberValue(corner.X);
                json.WriteNumberValue(corner.Y);
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void BeginMask(Utf8JsonWriter json, ReadOnlySpan<byte> encoding, in BinaryMask mask)
    {
        json.WriteStartObject("mask"u8);
        json.WriteString("encoding"u8, encoding);
        json.WriteStartArray("size"u8);
        json.WriteNumberValue(mask.Height);
        json.WriteNumberValue(mask.Width);
        json.WriteEndArray();
    }
}
