using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class Burst(BenchFixture fixture) : Edges(fixture)
{
    [Fact]
    public async Task A_burst_of_edges_is_answered_or_reported() =>
        Measured("answered of 20 edges 3 ms apart", await JudgeAsync(new(Count: 20, PeriodMs: 3, WidthMs: 1)), "");
}
