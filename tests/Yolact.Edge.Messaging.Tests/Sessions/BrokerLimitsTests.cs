using System.Text;
using Yolact.Edge.Messaging.Tests.Brokers;

namespace Yolact.Edge.Messaging.Tests.Sessions;

/// <summary>What the broker allows is kept, and what it says is told.</summary>
public sealed class BrokerLimitsTests
{
    [Fact]
    public async Task No_more_is_in_flight_than_the_receive_maximum_allows_and_the_order_is_kept()
    {
        await using var broker = new ScriptedBroker(0x21, 0, 3); // receive maximum 3
        await using var running = new RunningSession(broker.Endpoint);
        for (int i = 0; i < 10; i++)
            running.Publish($"message {i}", promised: true);
        var inFlight = new Queue<ScriptedBroker.Packet>();
        for (int i = 0; i < 10; i++)
        {
            ScriptedBroker.Packet packet = await broker.NextAsync(ScriptedBroker.Packet.Publish);
            Assert.EndsWith($"message {i}", Encoding.UTF8.GetString(packet.Body), StringComparison.Ordinal);
            inFlight.Enqueue(packet);
            if (inFlight.Count < 3)
                continue;
            // The fourth must not come before the first is acknowledged: a ping would not overtake it.
            Assert.False(broker.TryNext(out _));
            await broker.AcknowledgeAsync(inFlight.Dequeue());
        }
        while (inFlight.TryDequeue(out ScriptedBroker.Packet? packet))
            await broker.AcknowledgeAsync(packet);
        await running.UntilAsync(session => session.Published == 10);
        Assert.Equal(0, running.Session.WaitingPromised);
    }

    [Fact]
    public async Task A_message_that_is_too_large_for_the_broker_is_refused_and_the_next_one_goes()
    {
        await using var broker = new ScriptedBroker(0x27, 0, 0, 2, 0); // maximum packet size 512
        await using var running = new RunningSession(broker.Endpoint);
        running.Publish("small", promised: true);
        running.Publish(new string('x', 600), promised: true);
        running.Publish(new string('x', 600), promised: false);
        running.Publish("small too", promised: true);
        ScriptedBroker.Packet first = await broker.NextAsync(ScriptedBroker.Packet.Publish);
        ScriptedBroker.Packet second = await broker.NextAsync(ScriptedBroker.Packet.Publish);
        Assert.EndsWith("small too", Encoding.UTF8.GetString(second.Body), StringComparison.Ordinal);
        await broker.AcknowledgeAsync(first);
        await broker.AcknowledgeAsync(second);
        await running.UntilAsync(session => session.WaitingPromised == 0);
        Assert.Equal(2, running.Session.Refused);
        Assert.Contains(running.Log, line => line.Contains("takes 512 bytes at most", StringComparison.Ordinal));
        Assert.True(running.Session.IsConnected);
    }

    [Fact]
    public async Task The_brokers_keep_alive_is_kept_where_it_is_shorter()
    {
        await using var broker = new ScriptedBroker(0x13, 0, 1); // server keep alive 1 s
        await using var running = new RunningSession(broker.Endpoint, new MqttOptions { KeepAliveS = 3600, TimeoutS = 120 });
        await broker.NextAsync(ScriptedBroker.Packet.PingRequest);
        await broker.SayAsync(0xd0, 0);
        await broker.NextAsync(ScriptedBroker.Packet.PingRequest);
    }

    [Fact]
    public async Task A_broker_that_acknowledges_nothing_is_no_broker_for_promises()
    {
        await using var broker = new ScriptedBroker(0x24, 0); // maximum QoS 0
        await using var running = new RunningSession(broker.Endpoint, new MqttOptions { ReconnectMaxS = 1 });
        await running.UntilAsync(session => session.Problem is not null);
        Assert.Contains("QoS 1", running.Session.Problem, StringComparison.Ordinal);
        await running.UntilAsync(session => session.FailedTries >= 3);
    }

    [Theory]
    [InlineData(0x8b, "it shuts down")]
    [InlineData(0x8e, "same client id")]
    [InlineData(0x98, "somebody asked it to")]
    public async Task Why_the_broker_hung_up_is_told_in_words(byte reason, string words)
    {
        await using var broker = new ScriptedBroker();
        await using var running = new RunningSession(broker.Endpoint);
        await broker.NextAsync(ScriptedBroker.Packet.Connect);
        await running.UntilAsync(session => session.IsConnected);
        await broker.SayAsync(0xe0, 2, reason, 0);
        await running.UntilLoggedAsync(words);
    }

    [Fact]
    public async Task Why_the_broker_hung_up_is_told_even_where_it_did_in_the_moment_of_connecting()
    {
        for (int i = 0; i < 20; i++)
        {
            await using var broker = new ScriptedBroker();
            await using var running = new RunningSession(broker.Endpoint);
            await broker.NextAsync(ScriptedBroker.Packet.Connect);
            await broker.SayAsync(0xe0, 2, 0x8b, 0);
            await running.UntilLoggedAsync("it shuts down");
        }
    }

    [Fact]
    public async Task A_quota_that_is_used_up_delays_a_promised_message_and_does_not_lose_it()
    {
        await using var broker = new ScriptedBroker();
        await using var running = new RunningSession(broker.Endpoint, new MqttOptions { ReconnectMaxS = 1 });
        running.Publish("again", promised: true);
        ScriptedBroker.Packet first = await broker.NextAsync(ScriptedBroker.Packet.Publish);
        await broker.SayAsync(0x40, 4, (byte)(first.Id >> 8), (byte)first.Id, 0x97, 0);
        ScriptedBroker.Packet second = await broker.NextAsync(ScriptedBroker.Packet.Publish);
        Assert.EndsWith("again", Encoding.UTF8.GetString(second.Body), StringComparison.Ordinal);
        Assert.True(running.Session.Connections >= 2);
        await broker.AcknowledgeAsync(second);
        await running.UntilAsync(session => session.WaitingPromised == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_that_is_connected_but_dead_is_noticed(bool promised)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var proxy = new LinkProxy(broker.Endpoint);
        await using var running = new RunningSession(proxy.Endpoint, new MqttOptions { KeepAliveS = 1, TimeoutS = 2, ReconnectMaxS = 1 });
        await running.UntilAsync(session => session.IsConnected);
        long before = running.Session.Connections;
        proxy.IsDead = true;
        // A flow of messages into the dead link must not hide it.
        using var stop = new CancellationTokenSource();
        Task flow = Task.Run(
            async () =>
            {
                for (; !stop.IsCancellationRequested; await Task.Delay(50))
                    running.Publish("into the void", promised);
            },
            TestContext.Current.CancellationToken);
        // The connection is gone a moment before its reason is known.
        await running.UntilAsync(session => !session.IsConnected && session.Problem is not null);
        Assert.Contains(running.Session.Problem!.Split(' '), word => word is "acknowledged" or "answer");
        proxy.IsDead = false;
        await stop.CancelAsync();
        await flow;
        await running.UntilAsync(session => session.IsConnected && session.Connections > before && session.WaitingPromised == 0);
    }
}
