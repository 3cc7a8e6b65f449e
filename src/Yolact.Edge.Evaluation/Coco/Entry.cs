using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yolact.Edge.Evaluation.Coco;

/// <summary>One element of a list in a file: what it says, or why it cannot be used. One bad annotation must not cost the other thousands.</summary>
/// <param name="Value">What it says.</param>
/// <param name="Problem">What is wrong with it.</param>
internal readonly record struct Entry<T>(T? Value, string? Problem)
    where T : class;

/// <summary>Reads one element at a time, so that a file of any size takes memory for what it says only.</summary>
internal abstract class EntryConverter<T> : JsonConverter<Entry<T>>
    where T : class
{
    public override Entry<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        try
        {
            return new(Parse(document.RootElement), null);
        }
        catch (FormatException error)
        {
            return new(null, error.Message);
        }
    }

    public override void Write(Utf8JsonWriter writer, Entry<T> value, JsonSerializerOptions options) => throw new NotSupportedException();

    /// <exception cref="FormatException">The element cannot be used.</exception>
    protected abstract T Parse(JsonElement json);
}

internal sealed class ImageConverter : EntryConverter<CocoImage>
{
    protected override CocoImage Parse(JsonElement json)
    {
        long width = json.Integer("width"), height = json.Integer("height");
        if (width < 1 || height < 1 || width > Imaging.Rle.RunLengthDecoder.MaxPixels / height)
            throw new FormatException($"its size is {width} x {height} px.");
        return new(json.Integer("id"), (int)width, (int)height, json.Text("file_name") ?? "");
    }
}

internal sealed class CategoryConverter : EntryConverter<CocoCategory>
{
    protected override CocoCategory Parse(JsonElement json)
    {
        long id = json.Integer("id");
        return new(id, json.Text("name") ?? $"{id}");
    }
}

/// <summary>An annotation before what it leaves out is taken from its mask.</summary>
internal sealed record AnnotationDraft(
    long Id, long ImageId, long CategoryId, CocoBox? Box, double? Area, bool IsCrowd, CocoSegmentation? Segmentation);

internal sealed class AnnotationConverter : EntryConverter<AnnotationDraft>
{
    protected override AnnotationDraft Parse(JsonElement json) => new(
        json.Integer("id"), json.Integer("image_id"), json.Integer("category_id"),
        json.Box(), json.Number("area"), json.Flag("iscrowd"), json.Segmentation());
}

internal sealed class ResultConverter : EntryConverter<CocoResult>
{
    protected override CocoResult Parse(JsonElement json)
    {
        CocoResult result = new(
            json.Integer("image_id"), json.Integer("category_id"),
            json.Number("score") ?? throw new FormatException("`score` is missing."), json.Box(), json.Segmentation());
        return result.Box is null && result.Segmentation is null
            ? throw new FormatException("it has neither `bbox` nor `segmentation`.")
            : result;
    }
}
