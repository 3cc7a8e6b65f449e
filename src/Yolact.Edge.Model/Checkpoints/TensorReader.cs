namespace Yolact.Edge.Model.Checkpoints;

/// <summary>Reads a tensor's elements in C order, whatever its strides.</summary>
internal static class TensorReader
{
    private const int WindowBytes = 4 << 20;

    public static void Read(CheckpointFile file, TensorEntry tensor, Span<float> destination)
    {
        if (tensor.Count == 0)
            return;
        if (tensor.IsContiguous)
            ReadContiguous(file, tensor, destination);
        else
            ReadStrided(file, tensor, destination);
    }

    private static void ReadContiguous(CheckpointFile file, TensorEntry tensor, Span<float> destination)
    {
        int size = tensor.Type.Size(), window = WindowBytes / size;
        for (int done = 0; done < destination.Length; done += window)
        {
            int count = Math.Min(window, destination.Length - done);
            using MappedView view = file.Map(tensor.Offset + ((long)done * size), (long)count * size);
            TensorConversion.Gather(tensor.Type, view.Slice(0, count * size), 1, destination.Slice(done, count));
        }
    }

    // Rows along the last dimension, the other dimensions counted like an odometer.
    private static void ReadStrided(CheckpointFile file, TensorEntry tensor, Span<float> destination)
    {
        int size = tensor.Type.Size(), dimensions = tensor.Shape.Length;
        long extent = tensor.Extent * size;
        if (extent > int.MaxValue)
            throw file.Error($"tensor '{tensor.Name}' is a view spread over more than 2 GiB");
        using MappedView view = file.Map(tensor.Offset, extent);
        ReadOnlySpan<byte> bytes = view.Slice(0, (int)extent);
        int row = tensor.Shape[^1], stride = row == 1 ? 1 : (int)tensor.Strides[^1];
        var index = new int[dimensions];
        for (int done = 0; done < destination.Length; done += row)
        {
            long start = 0;
            for (int i = 0; i < dimensions - 1; i++)
                start += index[i] * tensor.Strides[i];
            TensorConversion.Gather(tensor.Type, bytes[(int)(start * size)..], stride, destination.Slice(done, row));
            for (int i = dimensions - 2; i >= 0 && ++index[i] == tensor.Shape[i]; i--)
                index[i] = 0;
        }
    }
}
