using System.Buffers.Binary;
using Google.Protobuf;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Graphs;

/// <summary>
/// How many masks the re-scoring graph takes in one run. The number is fixed in the file, since a batch that varies makes TensorRT rebuild its
/// engine in production; a device with little memory has it read with a smaller one.
/// </summary>
public static class RescoringBatch
{
    /// <summary>What graphs are written with.</summary>
    public const int Default = 16;

    /// <summary>Reads a re-scoring graph with another batch.</summary>
    /// <param name="path">A re-scoring graph of this program's writing.</param>
    /// <param name="batch">Masks a run, at least 1.</param>
    /// <returns>The ONNX file's bytes.</returns>
    /// <exception cref="InvalidDataException">The file is no such graph.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static byte[] Read(string path, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ModelProto model;
        try
        {
            using FileStream file = File.OpenRead(path);
            model = ModelProto.Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"{path} is no ONNX file, or is damaged.", error);
        }
        GraphProto graph = model.Graph ?? throw new InvalidDataException($"{path} holds no graph.");
        long old = graph.Input.FirstOrDefault(input => input.Name == ModelOutputs.Mask)?.Type?.TensorType?.Shape?.Dim.FirstOrDefault()?.DimValue
            ?? throw new InvalidDataException($"{path} has no input '{ModelOutputs.Mask}' of a fixed size.");
        foreach (ValueInfoProto value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            Set(value.Type?.TensorType?.Shape?.Dim.FirstOrDefault(), old, batch);
        HashSet<string> shapes = [.. graph.Node.Where(node => node.OpType == "Reshape").Select(node => node.Input[1])];
        foreach (TensorProto shape in graph.Initializer.Where(constant => shapes.Contains(constant.Name)))
            Set(shape, old, batch);
        return model.ToByteArray();
    }

    private static void Set(TensorShapeProto.Types.Dimension? side, long old, int batch)
    {
        if (side is not null && side.DimValue == old)
            side.DimValue = batch;
    }

    private static void Set(TensorProto shape, long old, int batch)
    {
        byte[] bytes = shape.RawData.ToByteArray();
        if (bytes.Length < sizeof(long) || BinaryPrimitives.ReadInt64LittleEndian(bytes) != old)
            return;
        BinaryPrimitives.WriteInt64LittleEndian(bytes, batch);
        shape.RawData = ByteString.CopyFrom(bytes);
    }
}
