namespace Yolact.Edge.Tests.Hosting;

/// <summary>When a device says that it is ready.</summary>
public sealed class ReadyTests(TinyModel model) : IClassFixture<TinyModel>
{
    [Fact]
    public async Task A_triggered_device_is_ready_though_nobody_has_asked_for_a_picture()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ApplianceProcess appliance = ApplianceProcess.Run([.. model.Settings, "device=idle", "cameras/0/trigger/mode=software"]);
        await using Subscriber subscriber = await Subscriber.ToAsync(appliance, "idle", cancellation);
        await subscriber.UntilAsync(all => all.States.Contains("ready"), cancellation);
        Assert.Empty(subscriber.Detections);
    }
}
