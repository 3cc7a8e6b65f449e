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

    public static TheoryData<string> Lies =>
    [
        "storage larger than the file", "storage of 2^62 elements", "storage of 2^200 elements", "negative storage", "negative offset",
        "offset behind the end", "offset near 2^63", "negative size", "size of 2^40", "sizes whose product overflows", "negative stride",
        "stride near 2^63", "repeated view", "shape without strides", "nine dimensions", "storage described twice", "view outside its storage",
        "tensor of a tensor", "called with too little", "missing data", "data of another size",
    ];

    [Theory]
    [MemberData(nameof(Lies))]
    public void Sizes_that_cannot_be_are_refused(string lie) => Assert.NotEmpty(Refuse(Lie(lie).Op('s').Op('.')));

    [Fact]
    public void The_same_tensor_without_a_lie_is_read() =>
        Assert.Equal(4, Open(Lie("none").Op('s').Op('.')));

    public static TheoryData<string> Nonsense =>
    [
        "empty stack", "mark missing", "pop below the mark", "memo never stored", "two values left", "text that is not UTF-8", "text longer than the file",
        "integer of 255 bytes", "LONG4 of negative length", "unhashable key", "odd number of items", "append to a dictionary", "call of text",
        "protocol 9", "no dictionary", "dictionary without tensors", "endless marks", "deep nesting", "billions of nested lists", "a list in itself",
        "endless copies",
    ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_is_refused(string kind)
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
            default:
                pickle.Op('N').Raw([.. Enumerable.Repeat((byte)'2', 100_000)]);
                break;
        }
        Assert.NotEmpty(Refuse(pickle));
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
