using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "short")]
public sealed class FastEdges(BenchFixture fixture) : Edges(fixture)
{
    // Not a multiple of the camera's 40 ms, so that edges meet it at every phase.
    [Fact]
    public async Task Edges_at_10_a_second_with_bounces_are_all_answered() => Assert.Equal(30, await JudgeAsync(new(Count: 30, PeriodMs: 103, Bounces: 3)));
}
