using Yolact.Edge.Bench;

namespace Yolact.Edge.Tests.Bench;

public class BenchComparisonTests
{
    private static readonly BenchReport Before = new()
    {
        Network = "small",
        ModelSha256 = "00",
        Numbers = "float",
        Provider = "Cpu",
        InputSize = 256,
        Width = 640,
        Height = 480,
        Pictures = 1,
        Objects = 9,
        Frames = 10,
        Measured = DateTimeOffset.UnixEpoch,
        Machine = new MachineState("a machine", "MAXN", 2600, null, new Dictionary<string, double>(), new Dictionary<string, double>(), null, 0.5),
        Rows =
        [
            new(BenchRow.Engine, BenchPart.Total, 20, 20, 21, 22), new(BenchRow.Rescoring, BenchPart.Frame, 1, 1, 1, 1), new(BenchRow.StageSum, BenchPart.Total, 22, 22, 23, 24),
            new(BenchRow.WholeFrame, BenchPart.Total, 25, 25, 26, 27), new(BenchRow.BareEngine, BenchPart.Total, 20, 20, 20, 20),
        ],
        AllocatedBytes = 0,
        MemoryMiB = 100,
    };

    [Fact]
    public void Like_is_compared_with_like_without_a_word()
    {
        BenchReport now = Before with { Rows = [new(BenchRow.WholeFrame, BenchPart.Total, 20, 20, 20, 20), new("publish", BenchPart.Frame, 1, 1, 1, 1)] };

        Assert.Empty(BenchComparison.Differences(Before, now));
        Assert.Equal([(BenchRow.WholeFrame, 25.0, 20.0, 0.8)], BenchComparison.Ratios(Before, now));
    }

    [Fact]
    public void Every_difference_that_spoils_a_comparison_is_said()
    {
        BenchReport now = Before with { Machine = Before.Machine with { Name = "another", PowerMode = "15W" }, ModelSha256 = "01", Numbers = "int8", Width = 1280 };

        string[] differences = [.. BenchComparison.Differences(Before, now)];

        Assert.Equal(5, differences.Length);
        Assert.Contains("another machine: a machine before, another now.", differences);
    }

    [Fact]
    public void Shares_are_those_of_the_medians()
    {
        Assert.Equal(25.0 / 20, Before.Ratio, 1e-9);
        Assert.Equal(1 - (21.0 / 25), Before.Overhead, 1e-9);
        Assert.Equal(22.0 / 20, Before.StageSum!.Value, 1e-9);
    }
}
