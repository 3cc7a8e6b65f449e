using System.Net;
using Yolact.Edge.Messaging.Broker;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Tests.Brokers;

namespace Yolact.Edge.Messaging.Tests.Sessions;

/// <summary>A session that is told to use another broker.</summary>
public sealed class MoveTests
{
    [Fact]
    public async Task It_takes_leave_of_one_broker_and_goes_on_with_the_other()
    {
        await using EmbeddedBroker first = await EmbeddedBroker.StartAsync(23183), second = await EmbeddedBroker.StartAsync(23283);
        await using Subscriber atFirst = await Subscriber.StartAsync(first.Endpoint), atSecond = await Subscriber.StartAsync(second.Endpoint);
        await using var running = new RunningSession(first.Endpoint);
        running.Session.Subscribe(new Subscription(Samples.Topics.ConfigDesired, 1000, (_, _) => Task.CompletedTask));
        running.Session.SetState(Samples.Topics.Status, RunningSession.State("ready"));
        await atFirst.NextAsync(heard => heard.Payload.Contains("ready", StringComparison.Ordinal));
        await running.UntilAsync(session => session.IsListening);

        running.Session.Use(new MqttOptions(), second.Endpoint, Samples.Topics.Device, RunningSession.State("disconnected"));
        Heard goodbye = await atFirst.NextAsync(heard => heard.Topic == Samples.Topics.Status);
        Assert.Contains("disconnected", goodbye.Payload, StringComparison.Ordinal);
        Assert.Contains("ready", (await atSecond.NextAsync(heard => heard.Topic == Samples.Topics.Status)).Payload, StringComparison.Ordinal);
        running.Publish("promised", promised: true);
        Assert.Equal("promised", (await atSecond.NextAsync(heard => heard.Topic == Samples.Topics.Events)).Payload);
        await running.UntilAsync(session => session.IsListening && session.Connections == 2);
    }

    [Fact]
    public async Task From_a_broker_that_is_not_there_it_comes_back_with_what_was_promised_meanwhile()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(23383);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker.Endpoint, Samples.Topics.Events);
        await using var running = new RunningSession(broker.Endpoint);
        await running.UntilAsync(session => session.IsConnected);

        running.Session.Use(new MqttOptions { ReconnectMaxS = 3600 }, new IPEndPoint(IPAddress.Loopback, 1), "other", RunningSession.State("disconnected"));
        await running.UntilAsync(session => session.Problem is not null && !session.IsConnected);
        running.Publish("meanwhile", promised: true);
        running.Session.Use(new MqttOptions(), broker.Endpoint, Samples.Topics.Device, RunningSession.State("disconnected"));
        Assert.Equal("meanwhile", (await subscriber.NextAsync()).Payload);
    }
}
