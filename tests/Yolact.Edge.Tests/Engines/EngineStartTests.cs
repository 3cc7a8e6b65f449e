using Yolact.Edge.Engines;
using Yolact.Edge.Models;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Memory;

namespace Yolact.Edge.Tests.Engines;

/// <summary>Starts of the bundled model on this machine's CPU, with memory as a test tells it.</summary>
public sealed class EngineStartTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("yolact-start-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_start_says_what_runs_and_what_it_takes()
    {
        StartedEngine started = Open(new EngineOptions(), taken: [200]);
        using Detector detector = started.Detector;

        EngineReport report = started.Report;
        Assert.Equal(ExecutionProvider.Cpu, report.Choice.Provider);
        Assert.Equal(2, report.Choice.PassedOver.Count);
        Assert.Equal((200.0, "rss+nvml"), (report.Memory.Mib, report.Memory.Source));
        Assert.True(report.WithinBudget);
        Assert.Empty(report.Notes);
        Assert.Equal(16, detector.RescoringBatch);
        Assert.Null(report.EngineId);
    }

    [Fact]
    public void A_start_over_its_budget_takes_less()
    {
        StartedEngine started = Open(new EngineOptions { MemoryBudgetMib = 300 }, taken: [500, 250]);
        using Detector detector = started.Detector;

        Assert.Equal(8, detector.RescoringBatch);
        Assert.True(started.Report.WithinBudget);
        string note = Assert.Single(started.Report.Notes);
        foreach (string part in (string[])["500 MiB", "budget is 300 MiB", "re-scoring batches of 8"])
            Assert.Contains(part, note, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_smaller_is_left_it_runs_on_and_says_so()
    {
        StartedEngine started = Open(new EngineOptions { MemoryBudgetMib = 300 }, taken: [500, 450, 400]);
        using Detector detector = started.Detector;

        Assert.False(started.Report.WithinBudget);
        Assert.Equal(4, detector.RescoringBatch);
        Assert.Equal(3, started.Report.Notes.Count);
        Assert.Contains("Nothing smaller is left", started.Report.Notes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_over_its_budget_fails_where_it_shall()
    {
        BudgetException error = Assert.Throws<BudgetException>(() => Open(new EngineOptions { MemoryBudgetMib = 300, OverBudget = OverBudget.Fail }, taken: [500]));
        foreach (string part in (string[])["500 MiB", "300 MiB", "memory_budget_mib", "degrade"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, Yolact.Edge.Commands.CommandErrors.ExitCodeOf(error));
    }

    [Fact]
    public void The_bundled_model_is_within_its_budget_here()
    {
        StartedEngine started = new EngineStart(new SimulatedBuilder(), new MemoryProbe(), TimeProvider.System).Open(
            ModelFolders.Find(null), new DetectorOptions(), cancellation: TestContext.Current.CancellationToken);
        using Detector detector = started.Detector;
        TestContext.Current.TestOutputHelper?.WriteLine($"{started.Report.Memory}");
        Assert.True(started.Report.WithinBudget, $"{started.Report.Memory}");
        Assert.Contains("rss", started.Report.Memory.Source, StringComparison.Ordinal); // how much of it is new depends on what this process gave back before
    }

    // The first reading is the one before anything is made, on a process of constant size.
    private StartedEngine Open(EngineOptions options, params double[] taken)
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "proc/self"));
        File.WriteAllText(Path.Combine(_root.FullName, "proc/self/status"), "VmRSS: 1024 kB\n");
        var readings = new Queue<double>([100, .. taken.Select(mib => 100 + mib)]);
        var probe = new MemoryProbe(_root.FullName, () => readings.Dequeue());
        return new EngineStart(new SimulatedBuilder(), probe, TimeProvider.System).Open(ModelFolders.Find(null), new DetectorOptions { Engine = options }, null, TestContext.Current.CancellationToken);
    }
}
