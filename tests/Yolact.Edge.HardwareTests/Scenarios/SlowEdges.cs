using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class SlowEdges(BenchFixture fixture) : Edges(fixture)
{
    [Fact]
    public async Task Edges_at_1_a_second_are_all_answered() => Assert.Equal(10, await JudgeAsync(new(Count: 10, PeriodMs: 1013, Bounces: 2)));
}
