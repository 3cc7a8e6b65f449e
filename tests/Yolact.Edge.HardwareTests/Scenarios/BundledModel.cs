using System.Text.Json.Nodes;
using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class BundledModel(BenchFixture fixture) : Boot(fixture)
{
    // In the guest the bundled network takes seconds: an edge must wait that long for its frame.
    private const int PatienceMs = 600_000;

    [Fact]
    public async Task From_power_on_to_the_first_detections_of_the_bundled_model()
    {
        await Appliance.WriteConfigurationAsync(document =>
        {
            document["model"] = new JsonObject();
            document["cameras"]![0]!["trigger"]!["deadline_ms"] = PatienceMs;
        });
        await JudgeAsync("yolact_belt");
    }
}
