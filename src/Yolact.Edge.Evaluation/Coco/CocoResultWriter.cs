using System.Buffers;
using System.Text.Json;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Rle;

namespace Yolact.Edge.Evaluation.Coco;

/// <summary>
/// Writes detections in COCO's results format, which pycocotools loads: a JSON array with <c>image_id</c>, <c>category_id</c>,
/// <c>bbox</c> [x, y, w, h], <c>score</c> (class score times mask IoU where that was predicted) and the mask as compressed RLE. Members
/// that other readers ignore say more: <c>class_score</c>, <c>mask_iou</c>, <c>file_name</c>.
/// </summary>
public sealed class CocoResultWriter : IDisposable
{
    private readonly Utf8JsonWriter _json;
    private readonly ArrayBufferWriter<byte> _counts = new();

    /// <summary>Begins the array.</summary>
    /// <param name="destination">Where to; not closed.</param>
    public CocoResultWriter(Stream destination)
    {
        // Run lengths are plain ASCII, but the default encoder would write some of their characters as \u escapes.
        _json = new Utf8JsonWriter(destination, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartArray();
    }

    /// <summary>Writes the detections of one picture.</summary>
    /// <param name="imageId">The picture's id in its data set.</param>
    /// <param name="fileName">The picture's file name.</param>
    /// <param name="detections">What was found; masks at the picture's size or none.</param>
    /// <param name="categories">Category id of each class.</param>
    public void Write(long imageId, string fileName, ReadOnlySpan<Detection> detections, IReadOnlyList<int> categories)
    {
        ArgumentNullException.ThrowIfNull(categories);
        foreach (ref readonly Detection detection in detections)
        {
            _json.WriteStartObject();
            _json.WriteNumber("image_id"u8, imageId);
            _json.WriteNumber("category_id"u8, categories[detection.ClassId]);
            _json.WriteStartArray("bbox"u8);
            _json.WriteNumberValue(detection.Box.X1);
            _json.WriteNumberValue(detection.Box.Y1);
            _json.WriteNumberValue(detection.Box.Width);
            _json.WriteNumberValue(detection.Box.Height);
            _json.WriteEndArray();
            _json.WriteNumber("score"u8, detection.Score);
            if (detection.Mask.Width > 0)
                WriteMask(detection.Mask);
            _json.WriteNumber("class_score"u8, detection.ClassScore);
            if (!float.IsNaN(detection.MaskIou))
                _json.WriteNumber("mask_iou"u8, detection.MaskIou);
            _json.WriteString("file_name"u8, fileName);
            _json.WriteEndObject();
        }
        _json.Flush();
    }

    /// <summary>Ends the array.</summary>
    public void Dispose()
    {
        _json.WriteEndArray();
        _json.Dispose();
    }

    private void WriteMask(in BinaryMask mask)
    {
        _counts.ResetWrittenCount();
        RunLengthEncoder.Encode(mask, _counts);
        _json.WriteStartObject("segmentation"u8);
        _json.WriteStartArray("size"u8);
        _json.WriteNumberValue(mask.Height);
        _json.WriteNumberValue(mask.Width);
        _json.WriteEndArray();
        _json.WriteString("counts"u8, _counts.WrittenSpan);
        _json.WriteEndObject();
    }
}
