using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>From power on to the first detections: READY and the status text of systemd, the status over MQTT, an answered edge.</summary>
public abstract class Boot(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.PowerCut)
{
    /// <summary>Cuts the power, boots, and judges what comes.</summary>
    /// <param name="model">Name of the model that has to run.</param>
    protected async Task JudgeAsync(string model)
    {
        await Shell.RunAsync("sync");
        await Bench.CutPowerAsync();
        await Bench.PowerOnAsync();
        await Appliance.StartedAsync();
        double active = await Appliance.ActiveSinceMsAsync();
        Subscription seen = await SubscribeAsync();
        await seen.WaitAsync(message => message.IsStatus("ready"), "status ready");
        await Appliance.StatusTextAsync(text => text.StartsWith("ready; camera Running", StringComparison.Ordinal));

        Message answer = await FirstAnswerAsync(seen, _ => true);
        Assert.Equal(model, (string?)answer.Body["model"]!["name"]);
        await Appliance.StatusTextAsync(text => !text.EndsWith(" 0 frames", StringComparison.Ordinal));
        Measured("kernel to READY", active / 1000, "s");
        Measured("edge to its message", (answer.MonotonicNs - (long)answer.Body["trigger"]!["edge_time_ns"]!) / 1e6, "ms");
        Measured("inference", (double)answer.Body["stages_ms"]!["inference"]!, "ms");
    }
}
