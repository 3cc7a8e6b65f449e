using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Tests.Brokers;

namespace Yolact.Edge.Messaging.Tests.Sessions;

public sealed class BrokerProbeTests
{
    [Theory]
    [InlineData(MqttVersion.Auto)]
    [InlineData(MqttVersion.V5)]
    [InlineData(MqttVersion.V311)]
    public async Task A_broker_that_answers_is_fine(MqttVersion version)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var options = new MqttOptions { Host = "127.0.0.1", Port = broker.Port, Version = version };
        Assert.Null(await BrokerProbe.TryAsync(options, "edge-7", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Why_it_cannot_be_used_is_said_in_words()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(_ => "allow_anonymous false");
        var options = new MqttOptions { Host = "127.0.0.1", Port = broker.Port };
        Assert.Contains("not allowed", await BrokerProbe.TryAsync(options, "edge-7", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        await broker.StopAsync();
        Assert.Equal("nothing listens there",
            await BrokerProbe.TryAsync(options, "edge-7", TestContext.Current.CancellationToken));
    }
}
