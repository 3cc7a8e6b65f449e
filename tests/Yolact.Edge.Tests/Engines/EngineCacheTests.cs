using Yolact.Edge.Engines;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Tests.Engines;

public sealed class EngineCacheTests : IDisposable
{
    private const int NoSpace = 28; // ENOSPC

    private readonly EngineFixture _fixture = new();
    private readonly SimulatedBuilder _builder = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void An_engine_is_built_once()
    {
        (CachedEngine first, bool built) = _fixture.Ensure(_fixture.Key(), _builder);
        (CachedEngine again, bool rebuilt) = _fixture.Ensure(_fixture.Key(), _builder);

        Assert.True(built);
        Assert.False(rebuilt);
        Assert.Equal(1, _builder.Builds);
        Assert.Equal(first.Id, again.Id);
        Assert.Equal([_fixture.Key().Id()], _fixture.Entries());
        Assert.Equal(["engine.json", "parts.engine"], Directory.GetFiles(again.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    public static TheoryData<string> Components => [.. Changes.Keys];

    private static readonly Dictionary<string, Func<EngineFixture, EngineKey>> Changes = new()
    {
        ["model's name"] = fixture =>
        {
            ModelFiles other = ModelFiles.In(fixture.Root, "other");
            File.Copy(fixture.Model.Main, other.Main);
            File.Copy(fixture.Model.Rescore, other.Rescore);
            return EngineKey.Of(other, true, fixture.Options, fixture.Limits, "1.31.1", fixture.Gpu);
        },
        ["main graph"] = fixture => Rewritten(fixture, fixture.Model.Main),
        ["re-scoring graph"] = fixture => Rewritten(fixture, fixture.Model.Rescore),
        ["re-scoring off"] = fixture => EngineKey.Of(fixture.Model, false, fixture.Options, fixture.Limits, "1.31.1", fixture.Gpu),
        ["ONNX Runtime"] = fixture => fixture.Key() with { OnnxRuntime = "1.32.0" },
        ["TensorRT"] = fixture => fixture.Key() with { TensorRt = "10.16.1" },
        ["CUDA"] = fixture => fixture.Key() with { Cuda = "13.2" },
        ["GPU"] = fixture => fixture.Key() with { Gpu = "Orin, sm_87, 16 multiprocessors" },
        ["precision"] = fixture => With(fixture, options => options with { Precision = TensorRtPrecision.Int8 }),
        ["optimisation level"] = fixture => With(fixture, options => options with { BuilderOptimizationLevel = 5 }),
        ["auxiliary streams"] = fixture => With(fixture, options => options with { AuxiliaryStreams = 1 }),
        ["memory sharing"] = fixture => With(fixture, options => options with { ContextMemorySharing = false }),
        ["timing cache"] = fixture => With(fixture, options => options with { TimingCache = false }),
        ["CUDA graph"] = fixture => With(fixture, options => options with { CudaGraph = true }),
        ["EP context"] = fixture => With(fixture, options => options with { EpContext = true }),
        ["DLA"] = fixture => With(fixture, options => options with { DlaCore = 0 }),
        ["DLA core"] = fixture => With(fixture, options => options with { DlaCore = 1 }),
        ["least subgraph"] = fixture => With(fixture, options => options with { MinSubgraphSize = 1 }),
        ["sparsity"] = fixture => With(fixture, options => options with { Sparsity = true }),
        ["excluded operators"] = fixture => With(fixture, options => options with { ExcludedOperators = ["DeformConv"] }),
        ["workspace"] = fixture => EngineKey.Of(fixture.Model, true, fixture.Options, fixture.Limits with { WorkspaceMib = 100 }, "1.31.1", fixture.Gpu),
        ["re-scoring batch"] = fixture => EngineKey.Of(fixture.Model, true, fixture.Options, fixture.Limits with { RescoringBatch = 8 }, "1.31.1", fixture.Gpu),
    };

    [Theory]
    [MemberData(nameof(Components))]
    public void Another_component_of_the_key_is_another_engine(string component)
    {
        string before = _fixture.Ensure(_fixture.Key(), _builder).Engine.Id;
        EngineKey changed = Changes[component](_fixture);

        (CachedEngine engine, bool built) = _fixture.Ensure(changed, _builder);

        Assert.True(built);
        Assert.NotEqual(before, engine.Id);
        Assert.Equal(2, _builder.Builds);
        Assert.False(_fixture.Ensure(changed, _builder).Built);
    }

    [Fact]
    public void Every_option_of_the_record_is_in_the_key()
    {
        // Whoever adds an option finds this: it belongs into the provider's options, and so into the key.
        string[] known = ["Precision", "WorkspaceMib", "BuilderOptimizationLevel", "AuxiliaryStreams", "ContextMemorySharing", "TimingCache", "CudaGraph", "EpContext", "DlaCore",
            "MinSubgraphSize", "Sparsity", "ExcludedOperators"];
        Assert.Equal(known.Order(StringComparer.Ordinal), typeof(TensorRtOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_other_software_made_is_removed_when_something_is_built()
    {
        EngineKey old = _fixture.Key() with { TensorRt = "8.6.2" };
        _fixture.Ensure(old, _builder);
        _fixture.Ensure(_fixture.Key(), _builder);
        Assert.Equal([_fixture.Key().Id()], _fixture.Entries());
    }

    [Fact]
    public void The_engines_used_last_are_kept()
    {
        EngineKey[] keys = [.. Enumerable.Range(0, 4).Select(i => _fixture.Key() with { ModelSha256 = $"{i}" })];
        EngineCache cache = _fixture.Cache(keep: 2);
        foreach (EngineKey key in keys.Take(2))
            Age(_fixture.Ensure(key, _builder, cache).Engine.Folder);
        Assert.False(_fixture.Ensure(keys[0], _builder, cache).Built); // used again: now the other one is the oldest
        _fixture.Ensure(keys[2], _builder, cache);

        Assert.Equal(new[] { keys[0].Id(), keys[2].Id() }.Order(StringComparer.Ordinal), _fixture.Entries());
    }

    [Theory]
    [InlineData("cut off")]
    [InlineData("changed")]
    [InlineData("missing")]
    [InlineData("manifest cut off")]
    [InlineData("manifest missing")]
    [InlineData("manifest of another")]
    public void A_damaged_engine_is_built_again(string damage)
    {
        CachedEngine engine = _fixture.Ensure(_fixture.Key(), _builder).Engine;
        string file = Path.Combine(engine.Folder, "parts.engine"), manifest = Path.Combine(engine.Folder, "engine.json");
        byte[] bytes = File.ReadAllBytes(file), json = File.ReadAllBytes(manifest);
        switch (damage)
        {
            case "cut off":
                File.WriteAllBytes(file, bytes[..^1]);
                break;
            case "changed":
                bytes[0] ^= 1;
                File.WriteAllBytes(file, bytes);
                break;
            case "missing":
                File.Delete(file);
                break;
            case "manifest cut off":
                File.WriteAllBytes(manifest, json[..(json.Length / 2)]);
                break;
            case "manifest missing":
                File.Delete(manifest);
                break;
            default:
                File.WriteAllBytes(manifest, (engine.Manifest! with { Key = engine.Manifest.Key with { Cuda = "1.0" } }).ToJson());
                break;
        }

        Assert.Single(_fixture.Cache().List(thorough: true), entry => entry.Problem is not null);
        Assert.True(_fixture.Ensure(_fixture.Key(), _builder).Built);
        Assert.Equal(2, _builder.Builds);
        Assert.Single(_fixture.Cache().List(thorough: true), entry => entry.Problem is null);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named_before_anything_is_built()
    {
        // What even root cannot write.
        var cache = new EngineCache("/proc/self/engines", 4, TimeProvider.System);
        EngineException error = Assert.Throws<EngineException>(() => _fixture.Ensure(_fixture.Key(), _builder, cache));

        Assert.True(error.Lasting);
        Assert.Equal(0, _builder.Builds);
        foreach (string part in (string[])["/proc/self/engines", "engine/cache_folder"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_read_only_folder_with_the_engine_in_it_is_used()
    {
        if (OperatingSystem.IsWindows())
            return;
        CachedEngine engine = _fixture.Ensure(_fixture.Key(), _builder).Engine;
        UnixFileMode before = File.GetUnixFileMode(_fixture.Folder);
        File.SetUnixFileMode(_fixture.Folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.False(_fixture.Ensure(_fixture.Key(), _builder).Built);
            Assert.Equal(engine.Id, _fixture.Cache().Find(_fixture.Key())!.Id);
        }
        finally
        {
            File.SetUnixFileMode(_fixture.Folder, before);
        }
    }

    [Fact]
    public void A_full_disk_leaves_nothing_behind()
    {
        var builder = new SimulatedBuilder(folder =>
        {
            File.WriteAllText(Path.Combine(folder, "parts.engine"), "half of it");
            throw new IOException("No space left on device", NoSpace);
        });
        EngineException error = Assert.Throws<EngineException>(() => _fixture.Ensure(_fixture.Key(), builder));

        Assert.False(error.Lasting);
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Empty(_fixture.Entries());
        Assert.True(_fixture.Ensure(_fixture.Key(), _builder).Built);
    }

    [Fact]
    public void A_disk_without_room_is_named_before_anything_is_built()
    {
        string? problem = CacheFolder.Problem(_fixture.Folder, long.MaxValue);
        Assert.Contains("MiB left", problem, StringComparison.Ordinal);
        Assert.Null(CacheFolder.Problem(_fixture.Folder, 1));
    }

    [Fact]
    public void A_build_without_a_file_is_a_failure()
    {
        EngineException error = Assert.Throws<EngineException>(() => _fixture.Ensure(_fixture.Key(), new SimulatedBuilder(_ => { })));
        Assert.Contains("without an engine", error.Message, StringComparison.Ordinal);
        Assert.Empty(_fixture.Entries());
    }

    [Fact]
    public void What_a_dead_process_left_is_cleared_away()
    {
        Directory.CreateDirectory(Path.Combine(_fixture.Folder, ".building-0123"));
        File.WriteAllText(Path.Combine(_fixture.Folder, ".building-0123", "parts.engine"), "half of it");
        _fixture.Ensure(_fixture.Key(), _builder);
        Assert.Equal([_fixture.Key().Id()], _fixture.Entries());
    }

    [Fact]
    public async Task Of_two_workers_one_builds_and_the_other_waits()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var building = new ManualResetEventSlim();
        using var waiting = new ManualResetEventSlim();
        var builder = new SimulatedBuilder(folder =>
        {
            building.Set();
            waiting.Wait(cancellation); // ends only when the other one is known to wait
            File.WriteAllText(Path.Combine(folder, "parts.engine"), "engine");
        });
        Task<bool> first = Task.Run(() => _fixture.Ensure(_fixture.Key(), builder).Built, cancellation);
        building.Wait(cancellation);
        var progress = new Reports(report =>
        {
            if (report.Waiting)
                waiting.Set();
        });
        Task<bool> second = Task.Run(() => _fixture.Cache().Ensure(_fixture.Key(), _fixture.Request(), builder, progress, cancellation).Built, cancellation);

        Assert.True(await first);
        Assert.False(await second);
        Assert.Equal(1, builder.Builds);
    }

    [Fact]
    public void A_build_says_how_long_the_last_one_took()
    {
        CachedEngine engine = _fixture.Ensure(_fixture.Key(), _builder).Engine;
        File.WriteAllBytes(Path.Combine(engine.Folder, "engine.json"), (engine.Manifest! with { BuildSeconds = 480 }).ToJson());
        var reports = new List<EngineProgress>();
        _fixture.Cache().Ensure(_fixture.Key() with { Precision = "fp32" }, _fixture.Request(), new SimulatedBuilder(folder =>
        {
            SpinWait.SpinUntil(() => reports.Count > 0, TimeSpan.FromMinutes(1));
            File.WriteAllText(Path.Combine(folder, "a"), "b");
        }), new Reports(reports.Add), TestContext.Current.CancellationToken);

        Assert.Equal((false, TimeSpan.FromSeconds(480)), (reports[0].Waiting, reports[0].Expected!.Value));
        Assert.Contains("the last build took 8.0 min", reports[0].ToString(), StringComparison.Ordinal);
        Assert.Contains("several minutes", (reports[0] with { Expected = null }).ToString(), StringComparison.Ordinal);
    }

    private static EngineKey Rewritten(EngineFixture fixture, string path)
    {
        File.AppendAllText(path, "!");
        return fixture.Key();
    }

    private static EngineKey With(EngineFixture fixture, Func<TensorRtOptions, TensorRtOptions> change) =>
        EngineKey.Of(fixture.Model, true, fixture.Options with { Tensorrt = change(fixture.Options.Tensorrt) }, fixture.Limits, "1.31.1", fixture.Gpu);

    private static void Age(string folder) => Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddHours(-1));

    private sealed class Reports(Action<EngineProgress> report) : IProgress<EngineProgress>
    {
        public void Report(EngineProgress value) => report(value);
    }
}
