using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class CameraReplugged(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.CameraFaults)
{
    /// <summary>The kernel keeps a number as long as its old device is open: only the name of the port stays the same.</summary>
    [Fact]
    public async Task A_camera_that_comes_back_under_another_number_is_found_by_its_port()
    {
        string port = await Shell.RunAsync("find -L /dev/v4l/by-path -samefile /dev/video0 | head -n 1");
        Assert.NotEmpty(port);
        await Appliance.ConfigureAsync(document => document["cameras"]![0]!["source"] = port);
        Subscription seen = await SubscribeAsync();
        Message before = await FirstAnswerAsync(seen, _ => true);
        int process = await Appliance.ProcessAsync();

        // Replugged before the program can close what it has open.
        await Shell.RunAsync($"kill -STOP {process}");
        await Bench.FailCameraAsync(CameraFault.Disconnected, fails: true);
        await Bench.FailCameraAsync(CameraFault.Disconnected, fails: false);
        string node = await Shell.RunAsync($"udevadm settle; readlink -f {port}");
        (_, long wall) = await Appliance.ClocksAsync();
        await Shell.RunAsync($"kill -CONT {process}");
        Assert.NotEqual("/dev/video0", node);

        Message recovered = await seen.WaitAsync(message => message.IsEvent("camera_recovered"), "the event of the recovery");
        await FirstAnswerAsync(seen, message => message.Edge > before.Edge && message.ArrivalNs > recovered.ArrivalNs);
        Assert.Equal(process, await Appliance.ProcessAsync());
        Measured("replugged to event", (recovered.ArrivalNs - wall) / 1e9, "s");
    }
}
