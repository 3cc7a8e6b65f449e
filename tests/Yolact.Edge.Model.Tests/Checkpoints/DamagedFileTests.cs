using System.IO.Compression;
using System.Text;
using CsCheck;
using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Model.Tests.Checkpoints;

public sealed class DamagedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<CheckpointFormat> Formats => [.. Enum.GetValues<CheckpointFormat>()];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_cut_at_any_byte_is_refused(CheckpointFormat format)
    {
        byte[] whole = Small(format);
        for (int length = 0; length < whole.Length; length++)
        {
            string path = _folder.Write("cut.pth", whole.AsSpan(0, length));
            var error = Assert.Throws<CheckpointException>(() => ReadAll(path));
            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("torch_zip.pth")]
    [InlineData("torch_legacy.pth")]
    public void A_file_of_PyTorch_cut_at_any_byte_is_refused(string name)
    {
        byte[] whole = File.ReadAllBytes(TestData.Path(name));
        for (int length = 0; length < whole.Length; length++)
        {
            string path = _folder.Write("cut.pth", whole.AsSpan(0, length));
            Assert.Throws<CheckpointException>(() => ReadAll(path));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Flipped_bytes_are_read_or_refused_but_never_worse(CheckpointFormat format)
    {
        byte[] whole = Small(format);
        // Values that mean something in these formats come up more often than chance would have them.
        byte[] telling = [0, 0xff, 0x7f, .. ".(RcQ9uK"u8];
        Gen<byte> value = Gen.Frequency((3, Gen.Byte), (1, Gen.Int[0, telling.Length - 1].Select(i => telling[i])));
        Gen.Select(Gen.Int[0, whole.Length - 1], value).Array[1, 6].Sample(changes =>
        {
            byte[] damaged = [.. whole];
            foreach ((int at, byte b) in changes)
                damaged[at] = b;
            string path = _folder.Write($"flipped{Environment.CurrentManagedThreadId}.pth", damaged);
            try
            {
                ReadAll(path);
            }
            catch (CheckpointException error)
            {
                Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
            }
        }, iter: 4000);
    }

    [Fact]
    public void Random_bytes_behind_a_pickle_head_are_read_or_refused_but_never_worse() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            string path = _folder.Write($"random{Environment.CurrentManagedThreadId}.pth", [.. CheckpointWriter.LegacyHeader(), 0x80, 2, .. bytes]);
            Assert.Throws<CheckpointException>(() => ReadAll(path));
        }, iter: 2000);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("P", "no checkpoint")]
    [InlineData("# a text file\nwith lines\n", "it is text that begins with \"# a text file with lines")]
    [InlineData("<!DOCTYPE html>", "web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer")]
    [InlineData("PK but no zip archive at all", "without its end")]
    public void A_file_of_something_else_is_named(string content, string problem)
    {
        string path = _folder.Write("other.pth", Encoding.UTF8.GetBytes(content));
        Assert.Contains(problem, Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_and_folders_are_named()
    {
        Assert.Contains("cannot be opened", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.File("absent.pth"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.File("."))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_bomb_is_refused_without_being_unpacked()
    {
        string path = _folder.File("bomb.pth");
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using Stream entry = archive.CreateEntry("x/data.pkl", CompressionLevel.SmallestSize).Open();
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++)
                entry.Write(zeros);
        }
        Assert.Contains("compressed entry 'x/data.pkl'", Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../data.pkl")]
    [InlineData("/data.pkl")]
    [InlineData("x\\data.pkl")]
    [InlineData("x/../../etc/passwd")]
    public void Names_that_lead_out_of_the_archive_are_refused(string name) =>
        Assert.Contains("leads out of it", RefuseZip((name, [1]), ("x/data.pkl", [1])), StringComparison.Ordinal);

    [Fact]
    public void Archives_without_one_pickle_are_refused()
    {
        Assert.Contains("not PyTorch's", RefuseZip(("readme.txt", [1])), StringComparison.Ordinal);
        Assert.Contains("not PyTorch's", RefuseZip(("x/data.pkl", [1]), ("y/data.pkl", [1])), StringComparison.Ordinal);
        Assert.Contains("two entries", RefuseZip(("x/data.pkl", [1]), ("x/data.pkl", [1])), StringComparison.Ordinal);
        Assert.Contains("TorchScript", RefuseZip(("x/data.pkl", [1]), ("x/constants.pkl", [1])), StringComparison.Ordinal);
        Assert.Contains("big-endian", RefuseZip(("x/data.pkl", [1]), ("x/byteorder", "big"u8.ToArray())), StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_share_bytes_are_refused()
    {
        byte[] archive = Zip(("x/data.pkl", [1]), ("x/data/0", new byte[8]));
        // The second entry of the directory is made to begin where the first does.
        int second = archive.AsSpan().LastIndexOf("PK\x01\x02"u8);
        archive.AsSpan(second + 42, 4).Clear();
        Assert.Contains("overlaps", Refuse(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void Directories_that_claim_more_than_they_have_are_refused()
    {
        byte[] archive = Zip(("x/data.pkl", [1]));
        int end = archive.AsSpan().LastIndexOf("PK\x05\x06"u8);
        byte[] entries = [.. archive], size = [.. archive], start = [.. archive];
        entries.AsSpan(end + 8, 4).Fill(0xfe);
        size.AsSpan(end + 12, 4).Fill(0xff);
        start.AsSpan(end + 16, 4).Fill(0xff);
        Assert.All([entries, size, start], changed => Assert.Contains("directory lies outside", Refuse(changed), StringComparison.Ordinal));
    }

    [Fact]
    public void Old_files_of_other_machines_and_versions_are_refused()
    {
        byte[] rest = new PickleWriter().Op('}').Op('.').ToArray();
        Assert.Contains("big-endian", Refuse([.. CheckpointWriter.LegacyHeader(littleEndian: false), .. rest]), StringComparison.Ordinal);
        Assert.Contains("another version", Refuse([.. CheckpointWriter.LegacyHeader(version: 1002), .. rest]), StringComparison.Ordinal);
        Assert.Contains("magic number", Refuse([.. new PickleWriter().Integer(5).Op('.').ToArray(), .. rest]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999],"data_offsets":[0,4]}}""", "too large")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", "too large")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", "more than 8")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", "F8_E4M3")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775807,9223372036854775807]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-9223372036854775808,-9223372036854775804]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}""", "overlaps")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", "gap")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "truncated or damaged")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "one name")]
    [InlineData("""{"a\u0007":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "unprintable")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "lacks")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", "unknown property")]
    [InlineData("""{"a":[[[[[[1]]]]]]}""", "not described")]
    [InlineData("""{"__metadata__":{"a":{"b":{"c":{"d":{"e":1}}}}}}""", "no valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "no valid JSON")]
    [InlineData("""{}""", "truncated or damaged")]
    [InlineData("""{"a":""", "no valid JSON")]
    public void Safetensors_headers_that_cannot_be_are_refused(string header, string problem)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        Assert.Contains(problem, Refuse([.. BitConverter.GetBytes((long)json.Length), .. json, 0, 0, 0, 0]), StringComparison.Ordinal);
    }

    private static byte[] Small(CheckpointFormat format)
    {
        using var folder = new TemporaryFolder();
        float[] shared = [1, 2, 3, 4, 5, 6];
        CheckpointWriter.Write(folder.File("small"), format,
        [
            CheckpointTensor.Of("weight", [2, 3], shared),
            CheckpointTensor.Of("view", [3], format == CheckpointFormat.Safetensors ? [4f, 5f, 6f] : shared) with { Offset = format == CheckpointFormat.Safetensors ? 0 : 3 },
            CheckpointTensor.Of("half", [2], [(Half)1, (Half)2]),
            CheckpointTensor.Scalar("count", 800000),
        ]);
        return File.ReadAllBytes(folder.File("small"));
    }

    private static void ReadAll(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        foreach (TensorEntry tensor in checkpoint.Tensors.Values)
            checkpoint.Read(tensor.Name, new float[tensor.Count]);
    }

    private string Refuse(byte[] file)
    {
        string path = _folder.Write("refused.pth", file);
        return Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message;
    }

    private string RefuseZip(params (string Name, byte[] Data)[] entries) => Refuse(Zip(entries));

    private static byte[] Zip(params (string Name, byte[] Data)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new StoredZipWriter(stream))
        {
            foreach ((string name, byte[] data) in entries)
                zip.Add(name, data);
            zip.Finish();
        }
        return stream.ToArray();
    }
}
