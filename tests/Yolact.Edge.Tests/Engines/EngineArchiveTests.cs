using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CsCheck;
using Yolact.Edge.Engines;

namespace Yolact.Edge.Tests.Engines;

public sealed class EngineArchiveTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly CachedEngine _engine;
    private readonly string _archive, _target;

    public EngineArchiveTests()
    {
        _engine = _fixture.Ensure(_fixture.Key(), new SimulatedBuilder()).Engine;
        _archive = Path.Combine(_fixture.Root, "engine.tar.gz");
        _target = Path.Combine(_fixture.Root, "elsewhere");
        EngineArchive.Export(_engine, _archive);
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Another_device_of_the_kind_takes_it()
    {
        CachedEngine imported = EngineArchive.Import(_archive, _target, _fixture.Key());

        Assert.Null(imported.Problem);
        Assert.Equal(_engine.Id, imported.Id);
        var cache = new EngineCache(_target, 4, TimeProvider.System);
        var builder = new SimulatedBuilder();
        Assert.False(_fixture.Ensure(_fixture.Key(), builder, cache).Built);
        Assert.Equal(0, builder.Builds);
    }

    [Fact]
    public void A_device_of_another_kind_refuses_it_with_every_difference()
    {
        EngineKey machine = _fixture.Key() with { TensorRt = "10.16.1", Gpu = "Thor, sm_110, 20 multiprocessors", OnnxRuntime = "1.32.0", Cuda = "13.2" };
        string message = Refused(_archive, machine);
        foreach (string part in (string[])["tensorrt is 10.3.0, here it is 10.16.1", "gpu is Orin", "onnx_runtime is 1.31.1", "cuda is 12.6"])
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "../../evil", "letters, digits" },
        { "/etc/evil", "letters, digits" },
        { "sub/evil", "letters, digits" },
        { ".hidden", "letters, digits" },
        { "engine.json", "letters, digits" },
        { "twice", "two files of one name" },
        { "unlisted", "which its manifest does not name" },
        { "link", "which its manifest does not name" },
        { "short", "bytes long, not" },
        { "changed", "is not what was built" },
        { "lacking", "it lacks" },
        { "huge", "GiB together" },
        { "negative", "GiB together" },
        { "many", "files: 1 to 64" },
        { "large manifest", "larger than 1 MiB" },
        { "no manifest", "does not begin with engine.json" },
        { "no json", "the manifest cannot be read" },
        { "missing member", "the manifest cannot be read" },
        { "empty", "was not imported" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_archive_is_refused_and_leaves_nothing(string kind, string reason)
    {
        string path = Path.Combine(_fixture.Root, "hostile.tar.gz");
        Write(path, kind);

        Assert.Contains(reason, Refused(path, _fixture.Key()), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_target));
        Assert.False(File.Exists(Path.Combine(_fixture.Root, "evil")));
        Assert.False(File.Exists("/etc/evil"));
    }

    [Fact]
    public void Any_damage_is_refused()
    {
        byte[] whole = File.ReadAllBytes(_archive);
        string path = Path.Combine(_fixture.Root, "damaged.tar.gz");
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[1, 255], Gen.Bool).Sample(
            (at, change, cut) =>
            {
                byte[] bytes = cut ? whole[..at] : [.. whole];
                if (!cut)
                    bytes[at] ^= (byte)change;
                File.WriteAllBytes(path, bytes);
                try
                {
                    // Some bytes of a gzip header mean nothing: then all must be as it was.
                    Assert.Null(CachedEngine.Read(EngineArchive.Import(path, _target, _fixture.Key()).Folder, thorough: true).Problem);
                }
                catch (InvalidDataException)
                {
                    // Refused.
                }
            },
            iter: 200, threads: 1);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_target), name => Path.GetFileName(name).StartsWith('.'));
    }

    private string Refused(string path, EngineKey machine) =>
        Assert.Throws<InvalidDataException>(() => EngineArchive.Import(path, _target, machine)).Message;

    private void Write(string path, string kind)
    {
        EngineManifest manifest = _engine.Manifest!;
        EngineFile file = manifest.Files[0];
        byte[] content = File.ReadAllBytes(Path.Combine(_engine.Folder, file.Name));
        string name = kind.Contains('/', StringComparison.Ordinal) || kind is ".hidden" or "engine.json" ? kind : file.Name;
        manifest = kind switch
        {
            "huge" => manifest with { Files = [file with { Bytes = (4L << 30) + 1 }] },
            "negative" => manifest with { Files = [file with { Bytes = -1 }] },
            "twice" => manifest with { Files = [file, file] },
            "many" => manifest with { Files = [.. Enumerable.Range(0, 65).Select(i => file with { Name = $"f{i}" })] },
            "lacking" => manifest with { Files = [file, file with { Name = "other" }] },
            _ => manifest with { Files = [file with { Name = name }] },
        };
        byte[] json = kind switch
        {
            "large manifest" => new byte[EngineManifest.MaxBytes + 1],
            "no json" => "hello"u8.ToArray(),
            "missing member" => """{"key":{},"built_at":"2026-01-01T00:00:00Z","build_seconds":1,"files":[]}"""u8.ToArray(),
            _ => manifest.ToJson(),
        };
        using FileStream target = File.Create(path);
        using var zip = new GZipStream(target, CompressionLevel.Fastest);
        using var tar = new TarWriter(zip, TarEntryFormat.Ustar);
        if (kind == "empty")
            return;
        if (kind != "no manifest")
            Add(tar, "engine.json", json);
        content = kind switch
        {
            "short" => content[..^1],
            "changed" => Encoding.UTF8.GetBytes(new string('x', content.Length)),
            _ => content,
        };
        if (kind == "link")
            tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, name) { LinkName = "/etc/passwd" });
        else
            Add(tar, name, content);
        if (kind == "unlisted")
            Add(tar, "extra", content);
    }

    private static void Add(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
