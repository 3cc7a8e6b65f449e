using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Yolact.Edge.Model.Checkpoints.Pickling;

/// <summary>
/// Runs the part of the pickle language that describes dictionaries of tensors. Instead of importing names it looks them up in
/// <see cref="PickleGlobal"/>; instead of calling it knows what the few admitted functions would return. Every other name and every
/// instruction that would construct an object is refused, and whatever a file can make grow has a limit.
/// </summary>
/// <remarks>
/// Values are null, bool, long, BigInteger, double, string, <c>object?[]</c> (tuple), <c>List&lt;object?&gt;</c>,
/// <see cref="PickleDictionary"/>, <see cref="PickleGlobal"/>, <see cref="PickledStorageView"/> and <see cref="PickledTensor"/>.
/// </remarks>
internal sealed class PickleMachine(ByteReader reader, PickledStorages storages)
{
    private const int MaxBytes = 32 << 20;
    private const int MaxOperations = 2_000_000;
    private const int MaxIntegerBytes = 32;
    private const int MaxProtocol = 5;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly PickleStack _stack = new();
    private readonly PickleMemo _memo = new();
    private int _operations;
    private long _at;

    /// <summary>Runs one pickle to its STOP.</summary>
    /// <exception cref="CheckpointException">It is damaged, too large, or asks for what it may not have.</exception>
    public object? Load()
    {
        long start = reader.Position;
        try
        {
            for (; _operations < MaxOperations && reader.Position - start < MaxBytes; _operations++)
            {
                _at = reader.Position;
                var opcode = (Opcode)reader.ReadByte();
                if (opcode == Opcode.Stop)
                    return _stack.Single();
                Execute(opcode);
            }
        }
        catch (PickleFault error)
        {
            throw Damaged(error.Message);
        }
        throw TooLarge();
    }

    private void Execute(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.Proto:
                if (reader.ReadByte() is var protocol && protocol > MaxProtocol)
                    throw Damaged($"is of protocol {protocol}; known are those up to {MaxProtocol}");
                break;
            case Opcode.Frame:
                reader.ReadUInt64();
                break;
            case Opcode.Mark:
                _stack.Mark();
                break;
            case Opcode.Pop:
                _stack.Discard();
                break;
            case Opcode.PopMark:
                _stack.PopToMark();
                break;
            case Opcode.Dup:
                _stack.Push(_stack.Top);
                break;
            case Opcode.None:
                _stack.Push(null);
                break;
            case Opcode.NewTrue:
                _stack.Push(true);
                break;
            case Opcode.NewFalse:
                _stack.Push(false);
                break;
            case Opcode.BinInt:
                _stack.Push((long)reader.ReadInt32());
                break;
            case Opcode.BinInt1:
                _stack.Push((long)reader.ReadByte());
                break;
            case Opcode.BinInt2:
                _stack.Push((long)reader.ReadUInt16());
                break;
            case Opcode.Long1:
                PushInteger(reader.ReadByte());
                break;
            case Opcode.Long4:
                PushInteger(reader.ReadInt32());
                break;
            case Opcode.BinFloat:
                _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(reader.Read(8)));
                break;
            case Opcode.BinUnicode:
                _stack.Push(Text(reader.ReadUInt32()));
                break;
            case Opcode.ShortBinUnicode or Opcode.ShortBinString:
                _stack.Push(Text(reader.ReadByte()));
                break;
            case Opcode.BinString:
                _stack.Push(Text(reader.ReadInt32()));
                break;
            case Opcode.EmptyList:
                _stack.Push(new List<object?>());
                break;
            case Opcode.EmptyDict:
                _stack.Push(new PickleDictionary());
                break;
            case Opcode.EmptyTuple:
                _stack.Push(Array.Empty<object?>());
                break;
            case Opcode.Tuple:
                _stack.Push(_stack.PopToMark());
                break;
            case Opcode.Tuple1 or Opcode.Tuple2 or Opcode.Tuple3:
                _stack.Push(_stack.Pop(opcode - Opcode.Tuple1 + 1));
                break;
            case Opcode.Append:
                Append(_stack.Pop(1));
                break;
            case Opcode.Appends:
                Append(_stack.PopToMark());
                break;
            case Opcode.SetItem:
                SetItems(_stack.Pop(2));
                break;
            case Opcode.SetItems:
                SetItems(_stack.PopToMark());
                break;
            case Opcode.BinPut:
                _memo.Store(reader.ReadByte(), _stack.Top);
                break;
            case Opcode.LongBinPut:
                _memo.Store(reader.ReadUInt32(), _stack.Top);
                break;
            case Opcode.Memoize:
                _memo.Store(_memo.Count, _stack.Top);
                break;
            case Opcode.BinGet:
                _stack.Push(_memo.Recall(reader.ReadByte()));
                break;
            case Opcode.LongBinGet:
                _stack.Push(_memo.Recall(reader.ReadUInt32()));
                break;
            case Opcode.Global or Opcode.Inst:
                PushGlobal(Text(reader.ReadLine()), Text(reader.ReadLine()));
                if (opcode == Opcode.Inst)
                    throw Refused(opcode);
                break;
            case Opcode.StackGlobal:
                if (_stack.Pop(2) is not [string module, string name])
                    throw Damaged("names something by other than text");
                PushGlobal(module, name);
                break;
            case Opcode.BinPersId:
                _stack.Push(storages.Resolve(_stack.Pop()) ?? throw Damaged("has a persistent id that describes no storage"));
                break;
            case Opcode.Reduce:
                object? arguments = _stack.Pop(), callee = _stack.Pop();
                _stack.Push(Call(callee, arguments));
                break;
            case Opcode.Build:
                // The attributes of an OrderedDict (`_metadata`) hold versions of modules, of which there is no need.
                object? state = _stack.Pop();
                if (_stack.Top is not PickleDictionary || state is not (PickleDictionary or null))
                    throw Refused(opcode);
                break;
            default:
                throw Refused(opcode);
        }
    }

    private object? Call(object? callee, object? arguments)
    {
        if (callee is not PickleGlobal global || arguments is not object?[] values)
            throw Damaged("calls something that is no function");
        switch (global.Kind)
        {
            case PickleGlobalKind.OrderedDict:
                return OrderedDictionary(values);
            case PickleGlobalKind.RebuildTensor:
                return PickledTensor.Create(values, out string? problem) ?? throw Damaged($"describes what cannot be: {problem}");
            case PickleGlobalKind.RebuildParameter when values is [PickledTensor tensor, ..]:
                return tensor;
            default:
                throw Damaged($"calls {global.Name} with what it does not take");
        }
    }

    // OrderedDict() or, from Python 2, OrderedDict([[key, value], ...]).
    private PickleDictionary OrderedDictionary(object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments is [])
            return dictionary;
        if (arguments is not [List<object?> items])
            throw Damaged("makes a dictionary of something else than a list");
        // One list may be made into dictionaries any number of times: each item counts as an instruction.
        _operations += items.Count;
        if (_operations > MaxOperations)
            throw TooLarge();
        foreach (object? item in items)
        {
            (object? key, object? value) = item switch
            {
                object?[] and [var k, var v] => (k, v),
                List<object?> and [var k, var v] => (k, v),
                _ => throw Damaged("makes a dictionary of something else than pairs"),
            };
            Set(dictionary, key, value);
        }
        return dictionary;
    }

    private void PushGlobal(string module, string name) => _stack.Push(PickleGlobal.Find(module, name)
        ?? throw reader.File.Error(
            $"asks for {Printable(module)}.{Printable(name)} (byte {_at}), which is no part of a tensor: refused. "
            + "Save the network's state_dict alone, or as safetensors"));

    private void Append(object?[] values)
    {
        if (_stack.Top is not List<object?> list)
            throw Damaged("appends to something that is no list");
        list.AddRange(values);
    }

    private void SetItems(object?[] pairs)
    {
        if (_stack.Top is not PickleDictionary dictionary || pairs.Length % 2 != 0)
            throw Damaged("sets items of something that is no dictionary");
        for (int i = 0; i < pairs.Length; i += 2)
            Set(dictionary, pairs[i], pairs[i + 1]);
    }

    private void Set(PickleDictionary dictionary, object? key, object? value)
    {
        if (!PickleDictionary.IsKey(key))
            throw Damaged("has a dictionary key that is neither short text nor a number");
        dictionary.Set(key, value);
    }

    private void PushInteger(int bytes)
    {
        if (bytes is < 0 or > MaxIntegerBytes)
            throw Damaged($"has an integer of {(uint)bytes} bytes");
        var value = new BigInteger(reader.Read(bytes));
        if (value < long.MinValue || value > long.MaxValue)
            _stack.Push(value);
        else
            _stack.Push((long)value);
    }

    private string Text(long bytes) => Text(reader.Read(bytes));

    private string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("has text that is not UTF-8");
        }
    }

    private static string Printable(string text) =>
        string.Concat((text.Length > 80 ? text[..80] + "..." : text).Select(c => char.IsControl(c) ? '?' : c));

    private CheckpointException TooLarge() => Damaged($"is larger than {MaxOperations} instructions or {MaxBytes >> 20} MiB");

    private CheckpointException Damaged(string problem) =>
        reader.File.Error($"the pickle {problem} (byte {_at}); the file is damaged or no checkpoint");

    private CheckpointException Refused(Opcode opcode) => reader.File.Error(
        $"the pickle uses instruction {(Enum.IsDefined(opcode) ? opcode.ToString().ToUpperInvariant() : "0x" + ((byte)opcode).ToString("x2", null))} "
        + $"(byte {_at}), of which a checkpoint of tensors has no need: refused. Save the network's state_dict alone, or as safetensors");
}
