using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Rle;

namespace Yolact.Edge.Evaluation.Coco;

/// <summary>
/// Writes detections in COCO's results format, one at a time, into a file beside the target that takes the target's name on
/// <see cref="Complete"/>. COCO's tools take the area of masks from the boxes where a file has both; to have masks judged by their own
/// area and by their own scores, write two files, as the reference does.
/// </summary>
public sealed class CocoResultsWriter : IDisposable
{
    private const int FlushAt = 1 << 16;

    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private readonly Utf8JsonWriter _json;
    private readonly ArrayBufferWriter<byte> _counts = new();
    private bool _isComplete;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Is replaced on <see cref="Complete"/>.</param>
    /// <exception cref="IOException">The folder is missing or cannot be written.</exception>
    public CocoResultsWriter(string path)
    {
        _path = path;
        _temporary = path + ".partial";
        _stream = File.Create(_temporary);
        _json = new Utf8JsonWriter(_stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartArray();
    }

    /// <summary>Adds a detection with a box, a mask or both.</summary>
    /// <param name="imageId">The picture.</param>
    /// <param name="categoryId">The class.</param>
    /// <param name="score">What it is ranked by.</param>
    /// <param name="box">In px; null to leave it out.</param>
    /// <param name="mask">Of the picture's size; null to leave it out.</param>
    public void Write(long imageId, long categoryId, double score, Box? box, BinaryMask? mask)
    {
        _json.WriteStartObject();
        _json.WriteNumber("image_id", imageId);
        _json.WriteNumber("category_id", categoryId);
        if (box is { } b)
        {
            _json.WriteStartArray("bbox");
            _json.WriteNumberValue(b.X1);
            _json.WriteNumberValue(b.Y1);
            _json.WriteNumberValue(b.Width);
            _json.WriteNumberValue(b.Height);
            _json.WriteEndArray();
        }
        if (mask is { } m)
        {
            _json.WriteStartObject("segmentation");
            _json.WriteStartArray("size");
            _json.WriteNumberValue(m.Height);
            _json.WriteNumberValue(m.Width);
            _json.WriteEndArray();
            _counts.ResetWrittenCount();
            RunLengthEncoder.Encode(m, _counts);
            _json.WriteString("counts", _counts.WrittenSpan);
            _json.WriteEndObject();
        }
        _json.WriteNumber("score", score);
        _json.WriteEndObject();
        if (_json.BytesPending > FlushAt)
            _json.Flush();
    }

    /// <summary>Ends the file and gives it its name.</summary>
    public void Complete()
    {
        _json.WriteEndArray();
        _json.Dispose();
        _stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _isComplete = true;
    }

    /// <summary>Removes what was written, unless it is complete.</summary>
    public void Dispose()
    {
        if (_isComplete)
            return;
        _json.Dispose();
        _stream.Dispose();
        File.Delete(_temporary);
    }
}
