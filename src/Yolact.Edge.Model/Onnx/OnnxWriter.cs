using Google.Protobuf;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Onnx;

/// <summary>Writes a graph as an ONNX file, weights streamed one by one.</summary>
internal static class OnnxWriter
{
    /// <summary>Protocol buffers cannot hold more than this in one message.</summary>
    private const long MaxFileBytes = int.MaxValue;

    /// <summary>
    /// Writes the model to <paramref name="destination"/>. Lengths of the nested messages are computed beforehand from the weights'
    /// shapes, so nothing has to be seekable and no weight is held longer than it takes to write it.
    /// </summary>
    /// <param name="model">Everything but the graph.</param>
    /// <param name="graph">The graph without its initializers.</param>
    /// <param name="initializers">The constants.</param>
    /// <param name="destination">Where to; not closed.</param>
    /// <param name="progress">Told the share of initializers written so far, 0..1.</param>
    /// <param name="cancellation">Stops between two constants.</param>
    /// <exception cref="InvalidOperationException">The file would exceed 2 GiB.</exception>
    public static void Write(ModelProto model, GraphProto graph, IReadOnlyList<Initializer> initializers, Stream destination,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        long graphBytes = graph.CalculateSize();
        foreach (Initializer initializer in initializers)
        {
            long tensor = TensorBytes(initializer);
            graphBytes += FieldHeaderBytes(GraphProto.InitializerFieldNumber, tensor) + tensor;
        }
        if (model.CalculateSize() + graphBytes + 16 > MaxFileBytes)
            throw new InvalidOperationException($"The graph would take {graphBytes >> 20} MiB; an ONNX file holds at most 2 GiB. Write it with fp16 weights.");

        // An own output over the stream for the small parts, flushed before each run of values goes to the stream itself.
        var output = new CodedOutputStream(destination, leaveOpen: true);
        model.WriteTo(output);
        output.WriteTag(ModelProto.GraphFieldNumber, WireFormat.WireType.LengthDelimited);
        output.WriteInt64(graphBytes);
        graph.WriteTo(output);
        for (int i = 0; i < initializers.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Initializer initializer = initializers[i];
            output.WriteTag(GraphProto.InitializerFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteInt64(TensorBytes(initializer));
            initializer.Header().WriteTo(output);
            output.WriteTag(TensorProto.RawDataFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteInt64(initializer.ByteCount);
            output.Flush();
            initializer.WriteValues(destination);
            progress?.Report((i + 1.0) / initializers.Count);
        }
        output.Flush();
    }

    private static long TensorBytes(Initializer initializer) => initializer.Header().CalculateSize()
        + FieldHeaderBytes(TensorProto.RawDataFieldNumber, initializer.ByteCount) + initializer.ByteCount;

    private static int FieldHeaderBytes(int field, long length) =>
        CodedOutputStream.ComputeTagSize(field) + CodedOutputStream.ComputeInt64Size(length);
}
