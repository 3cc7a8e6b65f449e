using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Yolact.Edge.Messaging.Broker;
using Yolact.Edge.Messaging.Tests.Brokers;

namespace Yolact.Edge.Messaging.Tests.Sessions;

public sealed class MqttSessionTests
{
    [Fact]
    public async Task State_and_messages_reach_a_subscriber_with_their_quality_and_properties()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(21883);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker.Endpoint);
        await using var running = new RunningSession(broker.Endpoint);
        running.Session.SetState(Samples.Topics.Status, RunningSession.State("ready"));
        running.Publish("promised", promised: true);
        running.Publish("live", promised: false);

        Assert.Equal("""{"state":"ready","connection":1}""", (await subscriber.NextAsync()).Payload);
        // Different streams, in no order: each is looked at by itself.
        Heard[] both = [await subscriber.NextAsync(), await subscriber.NextAsync()];
        Heard promised = both.Single(heard => heard.Payload == "promised");
        Assert.Equal(("promised", MqttQualityOfServiceLevel.AtLeastOnce, false), (promised.Payload, promised.Quality, promised.Retained));
        Assert.Equal("press-3/0123456789ab/1", promised.Properties["id"]);
        Assert.Equal("1.0", promised.Properties["specversion"]);
        Assert.Equal("yolact.event.v1", promised.Properties["type"]);
        Heard live = both.Single(heard => heard.Payload == "live");
        Assert.Equal(("live", MqttQualityOfServiceLevel.AtMostOnce), (live.Payload, live.Quality));

        await using Subscriber late = await Subscriber.StartAsync(broker.Endpoint);
        Heard retained = await late.NextAsync();
        Assert.True(retained.Retained);
        Assert.Equal(Samples.Topics.Status, retained.Topic);
    }

    [Fact]
    public async Task A_session_that_dies_leaves_its_last_will()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(21983);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker.Endpoint);
        await using (var running = new RunningSession(broker.Endpoint))
            await running.UntilAsync(s => s.IsConnected);
        Assert.Equal("""{"state":"lost","connection":1}""", (await subscriber.NextAsync()).Payload);
    }

    [Fact]
    public async Task A_session_that_is_closed_sends_what_waits_and_says_goodbye()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(22083);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker.Endpoint);
        await using var running = new RunningSession(broker.Endpoint);
        await running.UntilAsync(s => s.IsConnected);
        for (int i = 0; i < 20; i++)
            running.Publish($"{i}", promised: true);
        Assert.Equal(0, await running.CloseAsync());
        var heard = new List<string>();
        while (heard.LastOrDefault() != """{"state":"disconnected","connection":1}""")
            heard.Add((await subscriber.NextAsync()).Payload);
        // What was under way when the session was stopped is sent again: at least once, and in order.
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), heard.SkipLast(1).Distinct());
    }

    [Fact]
    public async Task Promised_messages_wait_for_a_broker_that_comes_late_and_the_oldest_make_room()
    {
        int port = FreePort();
        await using var running = new RunningSession(new IPEndPoint(IPAddress.Loopback, port), new MqttOptions { PromisedQueue = 3, LiveQueue = 2 });
        for (int i = 0; i < 5; i++)
            running.Publish($"{i}", promised: true);
        await running.UntilAsync(s => s.Problem is not null && s.DroppedPromised == 2);
        Assert.Equal("nothing listens there", running.Session.Problem);

        // The session is held off until the subscriber is there.
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(port);
        await running.UntilAsync(s => s.IsConnected && s.Published == 3);
        Assert.Null(running.Session.Problem);
        Assert.Equal(0, running.Session.WaitingPromised);
    }

    [Fact]
    public async Task An_older_broker_is_spoken_to_in_its_own_version()
    {
        var options = new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointPort(FreePort()).Build();
        using MqttServer server = new MqttServerFactory().CreateMqttServer(options);
        server.ValidatingConnectionAsync += arguments =>
        {
            if (arguments.ProtocolVersion == MQTTnet.Formatter.MqttProtocolVersion.V500)
                arguments.ReasonCode = MqttConnectReasonCode.UnsupportedProtocolVersion;
            return Task.CompletedTask;
        };
        await server.StartAsync();
        var received = new TaskCompletionSource<string>();
        server.InterceptingPublishAsync += arguments =>
        {
            received.TrySetResult(Encoding.UTF8.GetString(arguments.ApplicationMessage.Payload));
            return Task.CompletedTask;
        };
        await using var running = new RunningSession(new IPEndPoint(IPAddress.Loopback, options.DefaultEndpointOptions.Port));
        running.Publish("hello", promised: true);
        Assert.Equal("hello", await received.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        await server.StopAsync(new MqttServerStopOptions());
    }

    [Fact]
    public async Task The_embedded_broker_takes_the_next_free_port_of_loopback()
    {
        await using EmbeddedBroker first = await EmbeddedBroker.StartAsync(22183);
        await using EmbeddedBroker second = await EmbeddedBroker.StartAsync(first.Endpoint.Port);
        Assert.True(second.Endpoint.Port > first.Endpoint.Port);
        Assert.True(IPAddress.IsLoopback(second.Endpoint.Address));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => EmbeddedBroker.StartAsync(0));
    }

    [Theory]
    [InlineData(MQTTnet.Formatter.MqttProtocolVersion.V311)]
    [InlineData(MQTTnet.Formatter.MqttProtocolVersion.V500)]
    public async Task The_embedded_broker_names_clients_that_leave_it_to_it(MQTTnet.Formatter.MqttProtocolVersion version)
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(22283);
        await using Subscriber first = await Subscriber.StartAsync(broker.Endpoint, version: version, clientId: "");
        await using Subscriber second = await Subscriber.StartAsync(broker.Endpoint, version: version, clientId: "");
        await using var running = new RunningSession(broker.Endpoint);
        running.Publish("hello", promised: true);
        Assert.Equal("hello", (await first.NextAsync()).Payload);
        Assert.Equal("hello", (await second.NextAsync()).Payload);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
