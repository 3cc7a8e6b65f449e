using Yolact.Edge.Engines;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Memory;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Tests.Engines;

/// <summary>A cache in a temporary folder and two files that stand for a model's graphs.</summary>
internal sealed class EngineFixture : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("yolact-engines-");

    public EngineFixture()
    {
        Model = ModelFiles.In(_root.FullName, "parts");
        File.WriteAllText(Model.Main, "main graph");
        File.WriteAllText(Model.Rescore, "re-scoring graph");
    }

    public string Root => _root.FullName;

    public string Folder => Path.Combine(Root, "engines");

    public ModelFiles Model { get; }

    public EngineOptions Options { get; } = new();

    public EngineLimits Limits { get; } = new MemoryBudget(1500).Limits();

    public GpuFacts Gpu { get; } = new("10.3.0", "12.6", "Orin, sm_87, 8 multiprocessors");

    public EngineCache Cache(int keep = 4) => new(Folder, keep, TimeProvider.System);

    public EngineKey Key() => EngineKey.Of(Model, true, Options, Limits, "1.31.1", Gpu);

    public EngineRequest Request() => new(Model.Main, true, Options, Limits);

    public (CachedEngine Engine, bool Built) Ensure(EngineKey key, IEngineBuilder builder, EngineCache? cache = null) =>
        (cache ?? Cache()).Ensure(key, Request(), builder, null, TestContext.Current.CancellationToken);

    /// <summary>Everything in the cache but its lock.</summary>
    public string[] Entries() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName).Where(name => name != ".lock").Order(StringComparer.Ordinal)!]
        : [];

    public void Dispose() => _root.Delete(recursive: true);
}
