using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Yolact.Edge.Model.Checkpoints;

namespace Yolact.Edge.TestSupport;

/// <summary>Writes pickles of protocol 2 as Python does for state dicts; anything else, hostile things too, opcode by opcode.</summary>
public sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];
    private int _memo;

    public PickleWriter() => Raw(0x80, 2);

    public byte[] ToArray() => [.. _bytes];

    public PickleWriter Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Op(char opcode) => Raw((byte)opcode);

    public PickleWriter Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Op('X').Int32(bytes.Length).Raw(bytes);
        return Put();
    }

    public PickleWriter Global(string module, string name) => Op('c').Raw(Encoding.ASCII.GetBytes($"{module}\n{name}\n")).Put();

    public PickleWriter Integer(BigInteger value)
    {
        if (value >= 0 && value < 256)
            return Op('K').Raw((byte)value);
        if (value >= int.MinValue && value <= int.MaxValue)
            return Op('J').Int32((int)value);
        byte[] bytes = value.ToByteArray();
        return Raw(0x8a, (byte)bytes.Length).Raw(bytes);
    }

    public PickleWriter Integers(IEnumerable<long> values)
    {
        Op('(');
        foreach (long value in values)
            Integer(value);
        return Op('t').Put();
    }

    public PickleWriter EmptyOrderedDict() => Global("collections", "OrderedDict").Op(')').Op('R').Put();

    /// <summary>A storage's persistent id.</summary>
    public PickleWriter Storage(ElementType type, string key, BigInteger count, string location, bool legacy, (string Key, long Start, long Count)? view = null)
    {
        Op('(').Text("storage").Global("torch", StorageName(type)).Text(key).Text(location).Integer(count);
        if (view is { } part)
            Op('(').Text(part.Key).Integer(part.Start).Integer(part.Count).Op('t');
        else if (legacy)
            Op('N');
        return Op('t').Op('Q');
    }

    public PickleWriter Tensor(CheckpointTensor tensor, string key, string location, bool legacy)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op('(');
        Storage(tensor.Type, key, tensor.Elements.Length, location, legacy).Integer(tensor.Offset);
        Integers(tensor.Shape.Select(side => (long)side)).Integers(tensor.StridesOrDefault());
        return Raw(0x89).EmptyOrderedDict().Op('t').Op('R').Put();
    }

    /// <summary>The OrderedDict that <c>state_dict()</c> returns, with its <c>_metadata</c>.</summary>
    public PickleWriter StateDict(IReadOnlyList<CheckpointTensor> tensors, Func<CheckpointTensor, string> key, string location, bool legacy)
    {
        EmptyOrderedDict().Op('(');
        foreach (CheckpointTensor tensor in tensors)
            Text(tensor.Name).Tensor(tensor, key(tensor), location, legacy);
        return Op('u').Op('}').Text("_metadata").EmptyOrderedDict().Op('s').Op('b');
    }

    private static string StorageName(ElementType type) => type switch
    {
        ElementType.Float32 => "FloatStorage",
        ElementType.Float16 => "HalfStorage",
        ElementType.BFloat16 => "BFloat16Storage",
        ElementType.Float64 => "DoubleStorage",
        ElementType.UInt8 => "ByteStorage",
        ElementType.Int8 => "CharStorage",
        ElementType.Int16 => "ShortStorage",
        ElementType.Int32 => "IntStorage",
        ElementType.Int64 => "LongStorage",
        _ => "BoolStorage",
    };

    private PickleWriter Put() => Op('r').Int32(_memo++);

    private PickleWriter Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }
}
