using System.Collections.Immutable;
using System.Numerics;

namespace Yolact.Edge.Model.Checkpoints.Pickling;

/// <summary>A run of elements that tensors are views of.</summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Key">Name of the storage within the file.</param>
/// <param name="Count">Number of elements of the whole storage.</param>
internal sealed record PickledStorage(ElementType Type, string Key, long Count)
{
    public long Bytes => Count * Type.Size();
}

/// <summary>A part of a storage, as old files have them: elements from <paramref name="Start"/>, <paramref name="Count"/> of them.</summary>
internal sealed record PickledStorageView(PickledStorage Storage, long Start, long Count);

/// <summary>A tensor as a pickle describes it: a strided view of a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">First element within it.</param>
/// <param name="Shape">Shape.</param>
/// <param name="Strides">Strides in elements.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, ImmutableArray<int> Shape, ImmutableArray<long> Strides)
{
    private const int MaxDimensions = 8;

    /// <summary>Checks the arguments of a tensor's rebuilding.</summary>
    /// <returns>The tensor, or null with the problem.</returns>
    public static PickledTensor? Create(IReadOnlyList<object?> arguments, out string? problem)
    {
        if (arguments is not [PickledStorageView view, long offset, object?[] sizes, object?[] steps, ..]
            || sizes.Length != steps.Length || sizes.Length > MaxDimensions)
        {
            problem = "a tensor is not described by storage, offset, shape and strides";
            return null;
        }
        var shape = new int[sizes.Length];
        var strides = new long[sizes.Length];
        BigInteger count = 1, last = offset;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] is not long size || size is < 0 or > int.MaxValue || steps[i] is not long step || step < 0)
            {
                problem = "a tensor has a size or stride that is negative, too large or no integer";
                return null;
            }
            (shape[i], strides[i]) = ((int)size, step);
            count *= size;
            last += (BigInteger)step * (size - 1);
        }
        // More elements than the storage has would be a repeated view, with which a small file could ask for any amount of memory.
        if (offset < 0 || count > int.MaxValue || (count > 0 && (last >= view.Count || count > view.Count)))
        {
            problem = $"a tensor of shape [{string.Join(", ", shape)}] at element {offset} does not fit into its storage"
                + $" '{view.Storage.Key}' of {view.Count} elements";
            return null;
        }
        problem = null;
        // An empty tensor lies nowhere; its offset means nothing.
        return new PickledTensor(view.Storage, count.IsZero ? 0 : view.Start + offset, [.. shape], [.. strides]);
    }
}
