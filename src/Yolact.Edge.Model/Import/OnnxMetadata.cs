using System.Buffers;
using Google.Protobuf;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Import;

/// <summary>Reads the metadata of an ONNX file without reading its weights.</summary>
public static class OnnxMetadata
{
    private const int MaxPropertyBytes = 1 << 20;

    /// <summary>What the model says of itself.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <exception cref="InvalidConfigException">The file was not written by this program.</exception>
    /// <exception cref="InvalidDataException">The file is no ONNX file, or is cut off.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelMetadata Read(string path) => ModelMetadata.FromProperties(ReadProperties(path), path);

    /// <summary>All metadata properties.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <exception cref="InvalidDataException">The file is no ONNX file, or is cut off.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> ReadProperties(string path)
    {
        using FileStream file = File.OpenRead(path);
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        bool graph = false;
        while (file.Position < file.Length)
        {
            ulong tag = ReadVarint(file, path);
            int field = (int)(tag >> 3);
            if ((tag & 7) == (ulong)WireFormat.WireType.Varint)
            {
                ReadVarint(file, path);
                continue;
            }
            ulong length = (tag & 7) == (ulong)WireFormat.WireType.LengthDelimited ? ReadVarint(file, path) : ulong.MaxValue;
            if (length > (ulong)(file.Length - file.Position))
                throw new InvalidDataException($"{path} is no ONNX file, or is cut off at byte {file.Position}.");
            graph |= field == ModelProto.GraphFieldNumber;
            if (field == ModelProto.MetadataPropsFieldNumber && length <= MaxPropertyBytes)
                ReadProperty(file, (int)length, path, properties);
            else
                file.Seek((long)length, SeekOrigin.Current);
        }
        return graph ? properties : throw new InvalidDataException($"{path} is no ONNX file: it holds no graph.");
    }

    private static void ReadProperty(FileStream file, int length, string path, Dictionary<string, string> properties)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            file.ReadExactly(bytes, 0, length);
            StringStringEntryProto entry = StringStringEntryProto.Parser.ParseFrom(bytes, 0, length);
            properties[entry.Key] = entry.Value;
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"{path}: a metadata property is damaged.", error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static ulong ReadVarint(FileStream file, string path)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = file.ReadByte();
            if (next < 0)
                break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw new InvalidDataException($"{path} is no ONNX file, or is cut off at byte {file.Position}.");
    }
}
