namespace Yolact.Edge.Model.Checkpoints.Pickling;

/// <summary>What the admitted names of a pickle stand for.</summary>
internal enum PickleGlobalKind
{
    /// <summary>A dictionary.</summary>
    OrderedDict,

    /// <summary>A tensor: (storage, offset, shape, strides, ...).</summary>
    RebuildTensor,

    /// <summary>A parameter: (tensor, ...).</summary>
    RebuildParameter,

    /// <summary>A type of storage.</summary>
    Storage,
}

/// <summary>A name that a pickle may refer to. There are no others: whatever a file asks for besides is refused by its name.</summary>
internal sealed record PickleGlobal(string Name, PickleGlobalKind Kind, ElementType ElementType = default)
{
    private static readonly Dictionary<string, PickleGlobal> Admitted = new PickleGlobal[]
    {
        new("collections.OrderedDict", PickleGlobalKind.OrderedDict),
        new("torch._utils._rebuild_tensor", PickleGlobalKind.RebuildTensor),
        new("torch._utils._rebuild_tensor_v2", PickleGlobalKind.RebuildTensor),
        new("torch._utils._rebuild_parameter", PickleGlobalKind.RebuildParameter),
        new("torch.FloatStorage", PickleGlobalKind.Storage, ElementType.Float32),
        new("torch.HalfStorage", PickleGlobalKind.Storage, ElementType.Float16),
        new("torch.BFloat16Storage", PickleGlobalKind.Storage, ElementType.BFloat16),
        new("torch.DoubleStorage", PickleGlobalKind.Storage, ElementType.Float64),
        new("torch.ByteStorage", PickleGlobalKind.Storage, ElementType.UInt8),
        new("torch.CharStorage", PickleGlobalKind.Storage, ElementType.Int8),
        new("torch.ShortStorage", PickleGlobalKind.Storage, ElementType.Int16),
        new("torch.IntStorage", PickleGlobalKind.Storage, ElementType.Int32),
        new("torch.LongStorage", PickleGlobalKind.Storage, ElementType.Int64),
        new("torch.BoolStorage", PickleGlobalKind.Storage, ElementType.Bool),
    }.ToDictionary(global => global.Name, StringComparer.Ordinal);

    public static PickleGlobal? Find(string module, string name) => Admitted.GetValueOrDefault($"{module}.{name}");
}
