using System.Text;
using System.Threading.Channels;
using MQTTnet.Formatter;
using Yolact.Edge.Messaging.Broker;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Tests.Brokers;

namespace Yolact.Edge.Messaging.Tests.Sessions;

/// <summary>What comes in.</summary>
public sealed class SubscriptionTests
{
    private static readonly string Desired = Samples.Topics.ConfigDesired;

    private readonly Channel<IncomingMessage> _received = Channel.CreateUnbounded<IncomingMessage>();

    [Fact]
    public async Task A_message_arrives_with_everything_that_MQTT_5_carries()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(22383);
        await using Subscriber operatorClient = await Subscriber.StartAsync(broker.Endpoint, "unused");
        await using var running = new RunningSession(broker.Endpoint);
        running.Session.Subscribe(Listen("yolact/1/press-3/command/+"));
        // Subscribing is told to nobody: the message is said until it is heard.
        IncomingMessage message = await UntilHeardAsync(() => operatorClient.SayAsync(Samples.Topics.Command("capture"), "{}", m => m
            .WithResponseTopic("replies/me").WithCorrelationData([1, 2, 3]).WithMessageExpiryInterval(60).WithUserProperty("who", "Ann"u8.ToArray())));
        Assert.Equal("{}", Text(message));
        Assert.Equal("replies/me", message.ResponseTopic);
        Assert.Equal([1, 2, 3], message.CorrelationData!);
        Assert.InRange(message.Expiry!.Value.TotalSeconds, 1, 60);
        Assert.Equal([new("who", "Ann")], message.UserProperties);
        Assert.False(message.Retained);
        Assert.True(running.Session.CarriesRequests);
    }

    [Fact]
    public async Task An_older_broker_delivers_the_body_alone()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(22483);
        await using Subscriber operatorClient = await Subscriber.StartAsync(broker.Endpoint, "unused", MqttProtocolVersion.V311);
        await using var running = new RunningSession(broker.Endpoint, new MqttOptions { Version = MqttVersion.V311 });
        running.Session.Subscribe(Listen(Desired));
        IncomingMessage message = await UntilHeardAsync(() => operatorClient.SayAsync(Desired, "hello"));
        Assert.Equal("hello", Text(message));
        Assert.Null(message.ResponseTopic);
        Assert.Null(message.CorrelationData);
        Assert.Null(message.Expiry);
        Assert.Empty(message.UserProperties);
        Assert.False(running.Session.CarriesRequests);
    }

    [Theory]
    [InlineData(MqttVersion.V5)]
    [InlineData(MqttVersion.V311)]
    public async Task A_retained_message_of_a_mebibyte_comes_and_comes_again_with_a_new_connection(MqttVersion version)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(folder => $"allow_anonymous true\npersistence true\npersistence_location {folder}/");
        string document = new('x', 1 << 20);
        await using (Subscriber operatorClient = await Subscriber.StartAsync(broker.Endpoint, "unused"))
            await operatorClient.SayAsync(Desired, document, m => m.WithRetainFlag());
        await using var running = new RunningSession(broker.Endpoint, new MqttOptions { Version = version, ReconnectMaxS = 1 });
        running.Session.Subscribe(Listen(Desired, 1 << 20));
        IncomingMessage first = await NextAsync();
        Assert.True(first.Retained);
        Assert.Equal(document.Length, first.Payload.Length);

        // Killed, the broker would forget what it keeps: it is asked to end.
        await broker.TerminateAsync();
        await running.UntilAsync(s => !s.IsConnected);
        await broker.StartAgainAsync();
        Assert.Equal(document, Text(await NextAsync()));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_and_reported_and_the_next_one_is_handled()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(22583);
        await using Subscriber operatorClient = await Subscriber.StartAsync(broker.Endpoint, "unused");
        await using var running = new RunningSession(broker.Endpoint);
        Channel<(IncomingMessage Message, long Bytes)> refused = Channel.CreateUnbounded<(IncomingMessage, long)>();
        running.Session.Subscribe(Listen(Desired, 10) with { TooLarge = (message, bytes) => refused.Writer.TryWrite((message, bytes)) });
        await UntilHeardAsync(() => operatorClient.SayAsync(Desired, "0123456789"));
        await operatorClient.SayAsync(Desired, "0123456789a", m => m.WithCorrelationData([7]));
        (IncomingMessage message, long bytes) = await refused.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((11L, 0, (byte)7), (bytes, message.Payload.Length, message.CorrelationData![0]));
        await operatorClient.SayAsync(Desired, "fits");
        while (Text(await NextAsync()) != "fits")
        {
        }
        Assert.Equal(1, running.Session.RefusedIncoming);
    }

    [Fact]
    public async Task A_handler_that_fails_or_hangs_hurts_neither_the_others_nor_the_session()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(22683);
        await using Subscriber operatorClient = await Subscriber.StartAsync(broker.Endpoint, Samples.Topics.Events);
        await using var running = new RunningSession(broker.Endpoint);
        running.Session.Subscribe(new Subscription("fails", 100, (message, _) => throw new InvalidOperationException("on purpose")));
        running.Session.Subscribe(new Subscription("hangs", 100, (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation)) { Capacity = 1 });
        running.Session.Subscribe(Listen("works"));
        await UntilHeardAsync(() => operatorClient.SayAsync("works", "first"));
        for (int i = 0; i < 5; i++)
        {
            await operatorClient.SayAsync("fails", "x");
            await operatorClient.SayAsync("hangs", "x");
        }
        await operatorClient.SayAsync("works", "last");
        while (Text(await NextAsync()) != "last")
        {
        }
        running.Publish("still here", promised: true);
        Assert.Equal("still here", (await operatorClient.NextAsync()).Payload);
        Assert.Equal(1, running.Session.Connections);
        // One is being handled, one waits, three gave way.
        await running.UntilAsync(s => s.RefusedIncoming >= 3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/#/b")]
    public async Task A_filter_that_is_none_is_refused(string filter)
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(22783);
        await using var running = new RunningSession(broker.Endpoint);
        Assert.ThrowsAny<Exception>(() => running.Session.Subscribe(Listen(filter)));
        Assert.Throws<ArgumentOutOfRangeException>(() => running.Session.Subscribe(Listen("ok", 0)));
    }

    private Subscription Listen(string filter, int maxBytes = 1000) => new(filter, maxBytes, (message, _) =>
    {
        _received.Writer.TryWrite(message);
        return Task.CompletedTask;
    });

    private async Task<IncomingMessage> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _received.Reader.ReadAsync(patience.Token);
    }

    private async Task<IncomingMessage> UntilHeardAsync(Func<Task> say)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        IncomingMessage? message;
        for (; !_received.Reader.TryRead(out message); await Task.Delay(20, patience.Token))
            await say();
        return message;
    }

    private static string Text(IncomingMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
