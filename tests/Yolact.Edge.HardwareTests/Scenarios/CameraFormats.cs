using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>What the camera does not have: told in words, and taken back.</summary>
[Trait("tier", "full")]
public sealed class CameraFormats(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.CameraGrid)
{
    [Fact]
    public Task A_rate_that_the_camera_does_not_have_is_taken_back() => JudgeAsync("""  "width": 640, "height": 480, "fps": 30  """);

    [Fact]
    public Task A_size_that_the_camera_does_not_have_is_taken_back() => JudgeAsync("""  "width": 1000, "height": 700, "fps": 25  """);

    private async Task JudgeAsync(string format)
    {
        Subscription seen = await SubscribeAsync();
        await Appliance.DesireAsync($$"""
            {
              "version": "1",
              "cameras": [ { "name": "cam0", "kind": "usb", "source": "/dev/video0", {{format}},
                             "trigger": { "mode": "edge", "line": "trigger", "debounce_ms": 1 } } ]
            }
            """);
        Message back = await seen.ReportedAsync("1", "rolled_back");
        Assert.NotEmpty(back.Body["errors"]!.AsArray());
        Message ready = await seen.WaitAsync(message => message.IsStatus("ready") && message.ArrivalNs >= back.ArrivalNs - 10_000_000_000, "ready again");
        Assert.NotNull(ready);
        await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
        Message answer = await seen.WaitAsync(message => message.IsDetections, "detections with the format that the camera has");
        Assert.Equal(640, (int)answer.Body["frame"]!["width"]!);
    }
}
