using System.Text.Json;

namespace Yolact.Edge.Evaluation.Coco;

/// <summary>Reads members of objects that anyone may have written: what is wrong is a <see cref="FormatException"/> that names the member.</summary>
internal static class JsonFields
{
    public static long Integer(this JsonElement json, string name) =>
        json.Number(name) is not { } number ? throw new FormatException($"`{name}` is missing.")
        : number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (long)number
        : throw new FormatException($"`{name}` is {number}; a whole number is needed.");

    /// <summary>A number; null where there is none or it is null.</summary>
    public static double? Number(this JsonElement json, string name)
    {
        if (!json.Has(name, out JsonElement value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"`{name}` should be a number.");
    }

    public static string? Text(this JsonElement json, string name)
    {
        if (!json.Has(name, out JsonElement value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FormatException($"`{name}` should be text.");
    }

    /// <summary>True for a number other than 0 and for true.</summary>
    public static bool Flag(this JsonElement json, string name) =>
        json.Has(name, out JsonElement value) && value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => json.Number(name) != 0,
        };

    /// <summary>`bbox`; null where there is none, or an empty one.</summary>
    public static CocoBox? Box(this JsonElement json)
    {
        if (!json.Has("bbox", out JsonElement value) || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
            return null;
        return value.Numbers() is [var x, var y, var width and >= 0, var height and >= 0]
            ? new CocoBox(x, y, width, height)
            : throw new FormatException("`bbox` should be [x, y, width, height] in px.");
    }

    public static CocoSegmentation? Segmentation(this JsonElement json) =>
        json.Has("segmentation", out JsonElement value) ? CocoSegmentation.Parse(value) : null;

    /// <summary>An array of finite numbers; null where it is anything else.</summary>
    public static double[]? Numbers(this JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array)
            return null;
        double[] numbers = new double[json.GetArrayLength()];
        int i = 0;
        foreach (JsonElement item in json.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetDouble(out numbers[i]) || !double.IsFinite(numbers[i]))
                return null;
            i++;
        }
        return numbers;
    }

    /// <summary>What is wrong with a file as a whole: broken JSON in the reader's words, the wrong kind of value by its place.</summary>
    public static string Describe(JsonException error) => error.InnerException is JsonException broken
        ? broken.Message
        : $"something else stands in line {error.LineNumber + 1} at byte {error.BytePositionInLine}.";

    private static bool Has(this JsonElement json, string name, out JsonElement value)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is no object.");
        return json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }
}
