namespace Yolact.Edge.Vision.Engines;

/// <summary>How the network is run.</summary>
public sealed record EngineOptions
{
    private const int MaxThreads = 256;

    /// <summary>What runs the network.</summary>
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>CPU threads, 0..256; 0 (default) for one a core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether idle CPU threads spin for work: a few per cent faster alone, but other stages of a pipeline lose the cores.
    /// Default false.
    /// </summary>
    public bool Spin { get; init; }

    /// <summary>Everything that is wrong, each with its path and what would be right; empty for valid options.</summary>
    /// <param name="path">Where these options stand in their document, such as <c>$.engine</c>.</param>
    public IEnumerable<string> Validate(string path)
    {
        if (!Enum.IsDefined(Provider))
            yield return $"{path}.provider: one of {string.Join(", ", Enum.GetNames<ExecutionProvider>())}, not {(int)Provider}";
        if (Threads is < 0 or > MaxThreads)
            yield return $"{path}.threads: 0 (one a core) to {MaxThreads}, not {Threads}";
    }
}
