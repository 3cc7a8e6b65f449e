using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Yolact.Edge.Model.Checkpoints;

namespace Yolact.Edge.TestSupport;

/// <summary>Writes checkpoints in the formats that <see cref="Checkpoint"/> reads.</summary>
public static class CheckpointWriter
{
    private static readonly BigInteger Magic = BigInteger.Parse("01950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static void Write(string path, CheckpointFormat format, IReadOnlyList<CheckpointTensor> tensors, string location = "cpu")
    {
        using FileStream stream = File.Create(path);
        switch (format)
        {
            case CheckpointFormat.PyTorchZip:
                WriteZip(stream, Path.GetFileNameWithoutExtension(path), tensors, location);
                break;
            case CheckpointFormat.PyTorchLegacy:
                WriteLegacy(stream, tensors, location);
                break;
            default:
                WriteSafetensors(stream, tensors);
                break;
        }
    }

    private static void WriteZip(Stream stream, string folder, IReadOnlyList<CheckpointTensor> tensors, string location)
    {
        (Dictionary<Array, string> keys, CheckpointTensor[] storages) = Storages(tensors);
        using var zip = new StoredZipWriter(stream);
        zip.Add($"{folder}/data.pkl", new PickleWriter().StateDict(tensors, tensor => keys[tensor.Elements], location, legacy: false).Op('.').ToArray());
        foreach (CheckpointTensor storage in storages)
            zip.Add($"{folder}/data/{keys[storage.Elements]}", storage.Bytes);
        zip.Add($"{folder}/version", "3\n"u8);
        zip.Finish();
    }

    private static void WriteLegacy(Stream stream, IReadOnlyList<CheckpointTensor> tensors, string location)
    {
        (Dictionary<Array, string> keys, CheckpointTensor[] storages) = Storages(tensors);
        stream.Write(LegacyHeader());
        stream.Write(new PickleWriter().StateDict(tensors, tensor => keys[tensor.Elements], location, legacy: true).Op('.').ToArray());
        PickleWriter list = new PickleWriter().Op(']').Op('(');
        CheckpointTensor[] sorted = [.. storages.OrderBy(storage => keys[storage.Elements], StringComparer.Ordinal)];
        foreach (CheckpointTensor storage in sorted)
            list.Text(keys[storage.Elements]);
        stream.Write(list.Op('e').Op('.').ToArray());
        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (CheckpointTensor storage in sorted)
        {
            BinaryPrimitives.WriteInt64LittleEndian(count, storage.Elements.Length);
            stream.Write(count);
            stream.Write(storage.Bytes);
        }
    }

    /// <summary>The pickles in front of the object's.</summary>
    public static byte[] LegacyHeader(int version = 1001, bool littleEndian = true) =>
    [
        .. new PickleWriter().Integer(Magic).Op('.').ToArray(),
        .. new PickleWriter().Integer(version).Op('.').ToArray(),
        .. new PickleWriter().Op('}').Op('(').Text("protocol_version").Integer(version).Text("little_endian").Raw(littleEndian ? (byte)0x88 : (byte)0x89)
            .Op('u').Op('.').ToArray(),
    ];

    private static void WriteSafetensors(Stream stream, IReadOnlyList<CheckpointTensor> tensors)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            long offset = 0;
            foreach (CheckpointTensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", SafetensorsType(tensor.Type));
                WriteIntegers(json, "shape", tensor.Shape.Select(side => (long)side));
                WriteIntegers(json, "data_offsets", [offset, offset + tensor.Bytes.Length]);
                json.WriteEndObject();
                offset += tensor.Bytes.Length;
            }
            json.WriteEndObject();
        }
        while (header.Length % 8 != 0)
            header.WriteByte((byte)' ');
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        header.WriteTo(stream);
        foreach (CheckpointTensor tensor in tensors)
            stream.Write(tensor.Bytes);
    }

    private static void WriteIntegers(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static string SafetensorsType(ElementType type) => type switch
    {
        ElementType.Float32 => "F32",
        ElementType.Float16 => "F16",
        ElementType.BFloat16 => "BF16",
        ElementType.Float64 => "F64",
        ElementType.UInt8 => "U8",
        ElementType.Int8 => "I8",
        ElementType.Int16 => "I16",
        ElementType.Int32 => "I32",
        ElementType.Int64 => "I64",
        _ => "BOOL",
    };

    private static (Dictionary<Array, string> Keys, CheckpointTensor[] Storages) Storages(IReadOnlyList<CheckpointTensor> tensors)
    {
        CheckpointTensor[] storages = [.. tensors.DistinctBy(tensor => tensor.Elements, ReferenceEqualityComparer.Instance)];
        var keys = new Dictionary<Array, string>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < storages.Length; i++)
            keys[storages[i].Elements] = i.ToString(CultureInfo.InvariantCulture);
        return (keys, storages);
    }
}
