using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "short")]
public sealed class FastEdges(BenchFixture fixture) : Edges(fixture)
{
    private const int Made = 30;

    // Not a multiple of the camera's 40 ms, so that edges meet it at every phase.
    [Fact]
    public async Task Edges_at_10_a_second_with_bounces_are_answered()
    {
        int answered = await JudgeAsync(new(Made, PeriodMs: 103, Bounces: 3));
        Assert.InRange(answered, Made * 0.8, Made);
        Measured($"answered of {Made} edges", answered, "");
    }
}
