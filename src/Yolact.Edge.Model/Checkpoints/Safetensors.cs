using System.Collections.Immutable;
using System.Text.Json;
using Yolact.Edge.Model.Checkpoints.Pickling;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>
/// The safetensors format: the header's length as an unsigned 64-bit integer, the header as a JSON object of name to
/// <c>{"dtype", "shape", "data_offsets"}</c>, then the data, which the tensors cover without gap or overlap.
/// </summary>
internal static class Safetensors
{
    private const int PrefixBytes = sizeof(ulong);
    private const int MaxHeaderBytes = 16 << 20;
    private const int MaxDimensions = 8;
    private const string Metadata = "__metadata__";

    public static IReadOnlyList<TensorEntry> Read(CheckpointFile file)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        file.Read(0, prefix);
        ulong length = BitConverter.ToUInt64(prefix);
        if (length > MaxHeaderBytes || (long)length > file.Length - PrefixBytes)
            throw file.Error($"has a header of {length} bytes; more than {MaxHeaderBytes >> 20} MiB or the file itself is refused");
        var header = new byte[length];
        file.Read(PrefixBytes, header);
        long data = PrefixBytes + (long)length;
        try
        {
            List<TensorEntry> tensors = ReadHeader(file, header, data);
            CheckCoverage(file, tensors, data);
            return tensors.Count > 0 ? tensors : throw file.Error("holds no tensors");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException(file.Path, $"has a header that is no valid JSON of tensors: {error.Message}", error);
        }
    }

    private static List<TensorEntry> ReadHeader(CheckpointFile file, byte[] header, long data)
    {
        var tensors = new List<TensorEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 4 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw file.Error("has a header that is no JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
                throw file.Error("has two tensors of one name");
            reader.Read();
            if (name == Metadata)
                reader.Skip();
            else
                tensors.Add(ReadTensor(file, ref reader, StateDict.CheckName(file, name), data));
        }
        if (reader.Read())
            throw file.Error("has something behind its header");
        return tensors;
    }

    private static TensorEntry ReadTensor(CheckpointFile file, ref Utf8JsonReader reader, string name, long data)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw file.Error($"tensor '{name}' is not described by an object");
        ElementType? type = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string property = reader.GetString()!;
            reader.Read();
            switch (property)
            {
                case "dtype":
                    type = ParseType(file, name, reader.GetString());
                    break;
                case "shape":
                    shape = ReadIntegers(file, ref reader, name, MaxDimensions);
                    break;
                case "data_offsets":
                    offsets = ReadIntegers(file, ref reader, name, 2);
                    break;
                default:
                    throw file.Error($"tensor '{name}' has the unknown property '{property}'");
            }
        }
        if (type is null || shape is null || offsets is not [var begin, var end])
            throw file.Error($"tensor '{name}' lacks dtype, shape or data_offsets");
        long count = 1;
        foreach (long side in shape)
        {
            if (side is < 0 or > int.MaxValue || (count *= side) > int.MaxValue)
                throw file.Error($"tensor '{name}' has a size that is negative or too large");
        }
        if (begin < 0 || begin > file.Length - data || end - begin != count * type.Value.Size() || end > file.Length - data)
            throw file.Error($"tensor '{name}' at bytes {begin} to {end} does not fit its shape or the file; it is truncated or damaged");
        ImmutableArray<int> sides = [.. shape.Select(side => (int)side)];
        return new TensorEntry(name, type.Value, sides, data + begin, TensorEntry.ContiguousStrides(sides));
    }

    private static long[] ReadIntegers(CheckpointFile file, ref Utf8JsonReader reader, string name, int most)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw file.Error($"tensor '{name}' has something else where a list of integers is due");
        var values = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(reader.GetInt64());
            if (values.Count > most)
                throw file.Error($"tensor '{name}' has a list of more than {most} integers");
        }
        return [.. values];
    }

    private static ElementType ParseType(CheckpointFile file, string name, string? type) => type switch
    {
        "F32" => ElementType.Float32,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        "F64" => ElementType.Float64,
        "U8" => ElementType.UInt8,
        "I8" => ElementType.Int8,
        "I16" => ElementType.Int16,
        "I32" => ElementType.Int32,
        "I64" => ElementType.Int64,
        "BOOL" => ElementType.Bool,
        _ => throw file.Error($"tensor '{name}' is of type '{type}'; known are F32, F16, BF16, F64, U8, I8, I16, I32, I64 and BOOL"),
    };

    private static void CheckCoverage(CheckpointFile file, List<TensorEntry> tensors, long data)
    {
        long free = data;
        foreach (TensorEntry tensor in tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Count))
        {
            if (tensor.Offset != free)
                throw file.Error($"tensor '{tensor.Name}' overlaps another or leaves a gap; it is damaged");
            free += (long)tensor.Count * tensor.Type.Size();
        }
        if (free != file.Length)
            throw file.Error($"ends at byte {file.Length}, its tensors at {free}; it is truncated or damaged");
    }
}
