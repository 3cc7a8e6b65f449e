using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Model.Tests.Checkpoints;

/// <summary>A pickle is a program. These are the ways to make it do something, and the lies it can tell about sizes.</summary>
public sealed class HostilePickleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Programs => new()
    {
        // What is executed, and what the refusal must name.
        { "GLOBAL", "os.system" },
        { "STACK_GLOBAL", "posix.system" },
        { "INST", "os.system" },
        { "REDUCE of getattr", "__builtin__.getattr" },
        { "eval in a nested call", "builtins.eval" },
        { "torch's own loader", "torch.load" },
        { "admitted module, other name", "collections.namedtuple" },
        { "dotted name", "torch.serialization.os.system" },
        { "OBJ", "OBJ" },
        { "NEWOBJ", "NEWOBJ" },
        { "NEWOBJ_EX", "NEWOBJEX" },
        { "BUILD on a class", "BUILD" },
        { "BUILD with a tuple state", "BUILD" },
        { "EXT1", "EXT1" },
        { "text PERSID", "0x50" },
        { "BINBYTES", "0x42" },
        { "NEXT_BUFFER", "0x97" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void What_is_no_tensor_is_refused_by_name(string program, string named)
    {
        PickleWriter pickle = program switch
        {
            "GLOBAL" => new PickleWriter().Global("os", "system").Op('(').Text("touch /tmp/pwned").Op('t').Op('R'),
            "STACK_GLOBAL" => new PickleWriter().Text("posix").Text("system").Raw(0x93).Op('(').Text("id").Op('t').Op('R'),
            "INST" => new PickleWriter().Op('(').Text("id").Raw("ios\nsystem\n"u8),
            "REDUCE of getattr" => new PickleWriter().Global("__builtin__", "getattr"),
            "eval in a nested call" => new PickleWriter().EmptyOrderedDict().Op('(').Text("a").Global("torch._utils", "_rebuild_parameter")
                .Op('(').Global("builtins", "eval"),
            "torch's own loader" => new PickleWriter().Global("torch", "load"),
            "admitted module, other name" => new PickleWriter().Global("collections", "namedtuple"),
            "dotted name" => new PickleWriter().Text("torch.serialization").Text("os.system").Raw(0x93),
            "OBJ" => new PickleWriter().Op('(').Global("collections", "OrderedDict").Op('o'),
            "NEWOBJ" => new PickleWriter().Global("collections", "OrderedDict").Op(')').Raw(0x81),
            "NEWOBJ_EX" => new PickleWriter().Global("collections", "OrderedDict").Op(')').Op('}').Raw(0x92),
            "BUILD on a class" => new PickleWriter().Global("collections", "OrderedDict").Op('}').Op('b'),
            "BUILD with a tuple state" => new PickleWriter().EmptyOrderedDict().Op('N').Op('}').Raw(0x86).Op('b'),
            "EXT1" => new PickleWriter().Raw(0x82, 1),
            "text PERSID" => new PickleWriter().Raw("Pid\n"u8),
            "BINBYTES" => new PickleWriter().Op('B').Raw(1, 0, 0, 0, 65),
            _ => new PickleWriter().Raw(0x97),
        };
        Assert.Contains(named, Refuse(pickle.Op('.')), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_messages_are_short_and_printable()
    {
        string message = Refuse(new PickleWriter().Text("os\u001b[2J").Text(new string('x', 5000)).Raw(0x93));
        Assert.DoesNotContain('\u001b', message);
        Assert.True(message.Length < 500);
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "storage larger than the file", "cannot hold" },
        { "storage of 2^62 elements", "cannot hold" },
        { "storage of 2^200 elements", "describes no storage" },
        { "negative storage", "cannot hold" },
        { "negative offset", "does not fit" },
        { "offset behind the end", "does not fit" },
        { "offset near 2^63", "does not fit" },
        { "negative size", "negative" },
        { "size of 2^40", "too large" },
        { "sizes whose product overflows", "does not fit" },
        { "negative stride", "negative" },
        { "stride near 2^63", "does not fit" },
        { "repeated view", "does not fit" },
        { "shape without strides", "not described by" },
        { "nine dimensions", "not described by" },
        { "storage described twice", "in two ways" },
        { "view outside its storage", "describes no storage" },
        { "tensor of a tensor", "not described by" },
        { "called with too little", "not described by" },
        { "missing data", "lacks the data of storage '7'" },
        { "data of another size", "has 16 bytes where 12 were announced" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void Sizes_that_cannot_be_are_refused(string lie, string problem) =>
        Assert.Contains(problem, Refuse(Lie(lie).Op('s').Op('.')), StringComparison.Ordinal);

    [Fact]
    public void The_same_tensor_without_a_lie_is_read() =>
        Assert.Equal(4, Open(Lie("none").Op('s').Op('.')));

    [Fact]
    public void An_empty_tensor_with_large_sides_is_empty() => Assert.Equal(0, Open(Lie("empty with large sides").Op('s').Op('.')));

    public static TheoryData<string, string> Nonsense => new()
    {
        { "empty stack", "empty stack" },
        { "mark missing", "mark that was not set" },
        { "pop below the mark", "empty stack" },
        { "memo never stored", "recalls value 200" },
        { "two values left", "other than one value" },
        { "text that is not UTF-8", "not UTF-8" },
        { "text longer than the file", "no checkpoint has more" },
        { "integer of 255 bytes", "integer of 255 bytes" },
        { "LONG4 of negative length", "integer of" },
        { "unhashable key", "dictionary key" },
        { "odd number of items", "sets items" },
        { "append to a dictionary", "appends to something" },
        { "call of text", "calls something" },
        { "protocol 9", "protocol 9" },
        { "no dictionary", "holds no dictionary" },
        { "dictionary without tensors", "without tensors" },
        { "endless marks", "stack of more than" },
        { "endless copies", "stack of more than" },
        { "deep nesting", "holds no dictionary" },
        { "billions of nested lists", "holds no dictionary" },
        { "a list in itself", "holds no dictionary" },
        { "memo number of 2^32 - 1", "under number 4294967295" },
        { "key of a kilobyte", "dictionary key" },
        { "a list made into dictionaries for ever", "instructions" },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_is_refused(string kind, string problem)
    {
        var pickle = new PickleWriter();
        switch (kind)
        {
            case "empty stack":
                pickle.Op('0');
                break;
            case "mark missing":
                pickle.Op('t');
                break;
            case "pop below the mark":
                pickle.Op('N').Op('(').Raw(0x85);
                break;
            case "memo never stored":
                pickle.Op('h').Raw(200);
                break;
            case "two values left":
                pickle.Op('N').Op('N').Op('.');
                break;
            case "text that is not UTF-8":
                pickle.Op('X').Raw(2, 0, 0, 0, 0xff, 0xfe);
                break;
            case "text longer than the file":
                pickle.Op('X').Raw(0xff, 0xff, 0xff, 0xff);
                break;
            case "integer of 255 bytes":
                pickle.Raw(0x8a, 255).Raw(new byte[255]);
                break;
            case "LONG4 of negative length":
                pickle.Raw(0x8b, 0xff, 0xff, 0xff, 0xff);
                break;
            case "unhashable key":
                pickle.Op('}').Op(']').Op('N').Op('s');
                break;
            case "odd number of items":
                pickle.Op('}').Op('(').Text("a").Op('u');
                break;
            case "append to a dictionary":
                pickle.Op('}').Op('N').Op('a');
                break;
            case "call of text":
                pickle.Text("os.system").Op(')').Op('R');
                break;
            case "protocol 9":
                pickle.Raw(0x80, 9);
                break;
            case "no dictionary":
                pickle.Op(']').Op('.');
                break;
            case "dictionary without tensors":
                pickle.Op('}').Text("model").Op('}').Text("state_dict").Op('N').Op('s').Op('s').Op('.');
                break;
            case "endless marks":
                pickle.Raw([.. Enumerable.Repeat((byte)'(', 100_000)]);
                break;
            case "deep nesting":
                pickle.Raw([.. Enumerable.Repeat((byte)']', 60_000), .. Enumerable.Repeat((byte)'a', 59_999)]).Op('.');
                break;
            case "billions of nested lists":
                // Each list holds the one before twice; whoever walks through it all never ends.
                pickle.Op(']').Op('q').Raw(0);
                for (int i = 0; i < 40; i++)
                    pickle.Op('0').Op(']').Op('h').Raw((byte)i).Op('a').Op('h').Raw((byte)i).Op('a').Op('q').Raw((byte)(i + 1));
                pickle.Op('.');
                break;
            case "a list in itself":
                pickle.Op(']').Op('q').Raw(0).Op('h').Raw(0).Op('a').Op('.');
                break;
            case "memo number of 2^32 - 1":
                pickle.Op('N').Op('r').Raw(0xff, 0xff, 0xff, 0xff);
                break;
            case "key of a kilobyte":
                pickle.Op('}').Text(new string('k', 1024)).Op('N').Op('s');
                break;
            case "a list made into dictionaries for ever":
                // [(None, None)] * 50,000, then OrderedDict of it 50,000 times: 2.5 billion items in less than a megabyte.
                pickle.Op(']').Op('q').Raw(1).Op('N').Op('N').Raw(0x86).Op('q').Raw(0).Op('0').Op('(')
                    .Raw([.. Enumerable.Repeat("h\0"u8.ToArray(), 50_000).SelectMany(op => op)]).Op('e').Op('0')
                    .Global("collections", "OrderedDict").Op('q').Raw(2).Op('0');
                for (int i = 0; i < 50_000; i++)
                    pickle.Op('h').Raw(2).Op('h').Raw(1).Raw(0x85).Op('R').Op('0');
                break;
            default:
                pickle.Op('N').Raw([.. Enumerable.Repeat((byte)'2', 100_000)]);
                break;
        }
        Assert.Contains(problem, Refuse(pickle), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dictionary_in_itself_is_no_obstacle()
    {
        // {"a": tensor, "self": itself}
        PickleWriter pickle = new PickleWriter().Op('}').Op('q').Raw(7).Text("self").Op('h').Raw(7).Op('s').Text("a");
        Assert.Equal(4, Open(pickle.Tensor(CheckpointTensor.Of("a", [2, 2], new float[4]), "0", "cpu", legacy: false).Op('s').Op('.')));
    }

    // A dictionary with one tensor of 2 x 2 elements of storage "0", which has 16 bytes in the archive.
    private static PickleWriter Lie(string lie)
    {
        PickleWriter pickle = new PickleWriter().Op('}').Text("a").Global("torch._utils", "_rebuild_tensor_v2").Op('(');
        PickleWriter Storage(System.Numerics.BigInteger count, string key = "0") => pickle.Storage(ElementType.Float32, key, count, "cpu", legacy: false);
        PickleWriter Rest(System.Numerics.BigInteger offset, long[] shape, long[] strides) =>
            pickle.Integer(offset).Integers(shape).Integers(strides).Raw(0x89).EmptyOrderedDict().Op('t').Op('R');
        PickleWriter Plain() => Rest(0, [2, 2], [2, 1]);
        switch (lie)
        {
            case "storage larger than the file":
                Storage(1 << 20);
                return Plain();
            case "storage of 2^62 elements":
                Storage(1L << 62);
                return Plain();
            case "storage of 2^200 elements":
                Storage(System.Numerics.BigInteger.One << 200);
                return Plain();
            case "negative storage":
                Storage(-4);
                return Plain();
            case "storage described twice":
                Storage(4);
                Storage(3);
                return Plain();
            case "missing data":
                Storage(4, "7");
                return Plain();
            case "data of another size":
                Storage(3);
                return Rest(0, [3], [1]);
            case "view outside its storage":
                pickle.Storage(ElementType.Float32, "0", 4, "cpu", legacy: true, view: ("v", 3, 2));
                return Rest(0, [2], [1]);
            case "tensor of a tensor":
                pickle.Integer(4);
                return Plain();
            case "called with too little":
                return Storage(4).Op('t').Op('R');
            default:
                Storage(4);
                break;
        }
        return lie switch
        {
            "negative offset" => Rest(-1, [2], [1]),
            "offset behind the end" => Rest(3, [2], [1]),
            "offset near 2^63" => Rest(long.MaxValue, [2], [1]),
            "negative size" => Rest(0, [-2, -2], [2, 1]),
            "size of 2^40" => Rest(0, [1L << 40], [0]),
            "sizes whose product overflows" => Rest(0, [int.MaxValue, int.MaxValue, int.MaxValue], [0, 0, 0]),
            "negative stride" => Rest(3, [2], [-1]),
            "stride near 2^63" => Rest(0, [3], [long.MaxValue]),
            "repeated view" => Rest(0, [1000], [0]),
            "shape without strides" => Rest(0, [2, 2], [2]),
            "empty with large sides" => Rest(0, [int.MaxValue, int.MaxValue, 0], [0, 0, 0]),
            "nine dimensions" => Rest(0, [1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1]),
            _ => Plain(),
        };
    }

    private string Refuse(PickleWriter pickle)
    {
        string path = Write(pickle);
        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    private int Open(PickleWriter pickle)
    {
        using var checkpoint = Checkpoint.Open(Write(pickle));
        var values = new float[checkpoint.Tensors["a"].Count];
        checkpoint.Read("a", values);
        return values.Length;
    }

    private string Write(PickleWriter pickle)
    {
        using var stream = new MemoryStream();
        using (var zip = new StoredZipWriter(stream))
        {
            zip.Add("x/data.pkl", pickle.ToArray());
            zip.Add("x/data/0", new byte[16]);
            zip.Finish();
        }
        return _folder.Write("hostile.pth", stream.ToArray());
    }
}
