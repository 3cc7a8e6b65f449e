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
    private const int MaxStack = 1 << 16;
    private const int MaxIntegerBytes = 32;
    private const int MaxProtocol = 5;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private long _at;

    /// <summary>Runs one pickle to its STOP.</summary>
    /// <exception cref="CheckpointException">It is damaged, too large, or asks for what it may not have.</exception>
    public object? Load()
    {
        long start = reader.Position;
        for (int operations = 0; operations < MaxOperations && reader.Position - start < MaxBytes; operations++)
        {
            _at = reader.Position;
            var opcode = (Opcode)reader.ReadByte();
            if (opcode == Opcode.Stop)
                return _stack.Count == 1 && _marks.Count == 0 ? _stack[0] : throw Damaged("ends with a stack of other than one value");
            Execute(opcode);
            if (_stack.Count > MaxStack || _marks.Count > MaxStack)
                throw Damaged($"needs a stack of more than {MaxStack} values");
        }
        throw Damaged($"is larger than {MaxOperations} instructions or {MaxBytes >> 20} MiB");
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
                _marks.Push(_stack.Count);
                break;
            case Opcode.Pop:
                // Python pops the mark itself where nothing lies above it.
                if (_marks.TryPeek(out int mark) && mark == _stack.Count)
                    _marks.Pop();
                else
                    Pop();
                break;
            case Opcode.PopMark:
                PopToMark();
                break;
            case Opcode.Dup:
                Push(Top());
                break;
            case Opcode.None:
                Push(null);
                break;
            case Opcode.NewTrue:
                Push(true);
                break;
            case Opcode.NewFalse:
                Push(false);
                break;
            case Opcode.BinInt:
                Push((long)reader.ReadInt32());
                break;
            case Opcode.BinInt1:
                Push((long)reader.ReadByte());
                break;
            case Opcode.BinInt2:
                Push((long)reader.ReadUInt16());
                break;
            case Opcode.Long1:
                PushInteger(reader.ReadByte());
                break;
            case Opcode.Long4:
                PushInteger(reader.ReadInt32());
                break;
            case Opcode.BinFloat:
                Push(BinaryPrimitives.ReadDoubleBigEndian(reader.Read(8)));
                break;
            case Opcode.BinUnicode:
                Push(Text(reader.ReadUInt32()));
                break;
            case Opcode.ShortBinUnicode or Opcode.ShortBinString:
                Push(Text(reader.ReadByte()));
                break;
            case Opcode.BinString:
                Push(Text(reader.ReadInt32()));
                break;
            case Opcode.EmptyList:
                Push(new List<object?>());
                break;
            case Opcode.EmptyDict:
                Push(new PickleDictionary());
                break;
            case Opcode.EmptyTuple:
                Push(Array.Empty<object?>());
                break;
            case Opcode.Tuple:
                Push(PopToMark());
                break;
            case Opcode.Tuple1 or Opcode.Tuple2 or Opcode.Tuple3:
                Push(Pop(opcode - Opcode.Tuple1 + 1));
                break;
            case Opcode.Append:
                Append(Pop(1));
                break;
            case Opcode.Appends:
                Append(PopToMark());
                break;
            case Opcode.SetItem:
                SetItems(Pop(2));
                break;
            case Opcode.SetItems:
                SetItems(PopToMark());
                break;
            case Opcode.BinPut:
                _memo[reader.ReadByte()] = Top();
                break;
            case Opcode.LongBinPut:
                _memo[reader.ReadUInt32()] = Top();
                break;
            case Opcode.Memoize:
                _memo[(uint)_memo.Count] = Top();
                break;
            case Opcode.BinGet:
                Push(Recall(reader.ReadByte()));
                break;
            case Opcode.LongBinGet:
                Push(Recall(reader.ReadUInt32()));
                break;
            case Opcode.Global or Opcode.Inst:
                PushGlobal(Text(reader.ReadLine()), Text(reader.ReadLine()));
                if (opcode == Opcode.Inst)
                    throw Refused(opcode);
                break;
            case Opcode.StackGlobal:
                if (Pop(2) is not [string module, string name])
                    throw Damaged("names something by other than text");
                PushGlobal(module, name);
                break;
            case Opcode.BinPersId:
                Push(storages.Resolve(Pop()) ?? throw Damaged("has a persistent id that describes no storage"));
                break;
            case Opcode.Reduce:
                object? arguments = Pop(), callee = Pop();
                Push(Call(callee, arguments));
                break;
            case Opcode.Build:
                // The attributes of an OrderedDict (`_metadata`) hold versions of modules, of which there is no need.
                object? state = Pop();
                if (Top() is not PickleDictionary || state is not (PickleDictionary or null))
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

    private void PushGlobal(string module, string name) => Push(PickleGlobal.Find(module, name)
        ?? throw reader.File.Error(
            $"asks for {Printable(module)}.{Printable(name)} (byte {_at}), which is no part of a tensor: refused. "
            + "Save the network's state_dict alone, or as safetensors"));

    private void Append(object?[] values)
    {
        if (Top() is not List<object?> list)
            throw Damaged("appends to something that is no list");
        list.AddRange(values);
    }

    private void SetItems(object?[] pairs)
    {
        if (Top() is not PickleDictionary dictionary || pairs.Length % 2 != 0)
            throw Damaged("sets items of something that is no dictionary");
        for (int i = 0; i < pairs.Length; i += 2)
            Set(dictionary, pairs[i], pairs[i + 1]);
    }

    private void Set(PickleDictionary dictionary, object? key, object? value)
    {
        if (!PickleDictionary.IsKey(key))
            throw Damaged("has a dictionary key that is neither text nor number");
        dictionary.Set(key, value);
    }

    private void PushInteger(int bytes)
    {
        if (bytes is < 0 or > MaxIntegerBytes)
            throw Damaged($"has an integer of {(uint)bytes} bytes");
        var value = new BigInteger(reader.Read(bytes));
        if (value < long.MinValue || value > long.MaxValue)
            Push(value);
        else
            Push((long)value);
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

    private void Push(object? value) => _stack.Add(value);

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw Damaged("takes from an empty stack");

    private object? Pop()
    {
        object? value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] Pop(int count)
    {
        if (_stack.Count - Floor < count)
            throw Damaged("takes from an empty stack");
        return Cut(_stack.Count - count);
    }

    private object?[] PopToMark() => _marks.TryPop(out int mark) ? Cut(mark) : throw Damaged("looks for a mark that was not set");

    private object?[] Cut(int from)
    {
        object?[] values = [.. _stack[from..]];
        _stack.RemoveRange(from, values.Length);
        return values;
    }

    private int Floor => _marks.TryPeek(out int mark) ? mark : 0;

    private object? Recall(uint index) =>
        _memo.TryGetValue(index, out object? value) ? value : throw Damaged($"recalls value {index}, which it never stored");

    private CheckpointException Damaged(string problem) => reader.File.Error($"the pickle {problem} (byte {_at}); the file is damaged or no checkpoint");

    private CheckpointException Refused(Opcode opcode) => reader.File.Error(
        $"the pickle uses instruction {(Enum.IsDefined(opcode) ? opcode.ToString().ToUpperInvariant() : "0x" + ((byte)opcode).ToString("x2", null))} "
        + $"(byte {_at}), of which a checkpoint of tensors has no need: refused. Save the network's state_dict alone, or as safetensors");
}
