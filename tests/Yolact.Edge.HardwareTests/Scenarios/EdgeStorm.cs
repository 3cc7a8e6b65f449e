using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "short")]
public sealed class EdgeStorm(BenchFixture fixture) : Edges(fixture)
{
    [Fact]
    public async Task Edges_at_100_a_second_are_answered_or_reported()
    {
        int answered = await JudgeAsync(new(Count: 200, PeriodMs: 10, WidthMs: 3, Bounces: 1));
        // 2 s hold 50 frames, and each answers one edge at most; how many the guest has time for is its affair.
        Assert.InRange(answered, 5, 51);
        Measured("answered of 200 edges", answered, "");
    }
}
