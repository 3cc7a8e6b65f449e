using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "short")]
public sealed class BootToReady(BenchFixture fixture) : Boot(fixture)
{
    [Fact]
    public Task From_power_on_to_the_first_detections() => JudgeAsync("rig");
}
