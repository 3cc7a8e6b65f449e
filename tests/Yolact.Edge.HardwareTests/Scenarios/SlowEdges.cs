using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class SlowEdges(BenchFixture fixture) : Edges(fixture)
{
    private const int Made = 10;

    [Fact]
    public async Task Edges_at_1_a_second_are_answered()
    {
        int answered = await JudgeAsync(new(Made, PeriodMs: 1013, Bounces: 2));
        Assert.InRange(answered, Made - 1, Made);
        Measured($"answered of {Made} edges", answered, "");
    }
}
