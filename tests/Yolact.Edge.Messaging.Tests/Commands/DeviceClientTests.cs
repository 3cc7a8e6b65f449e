using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Yolact.Edge.Messaging.Broker;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Tests.Brokers;
using Yolact.Edge.Messaging.Tests.Sessions;

namespace Yolact.Edge.Messaging.Tests.Commands;

/// <summary>Both sides of a command, through real brokers.</summary>
public sealed class DeviceClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_command_is_answered_through_mosquitto()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await AskAsync(broker.Endpoint);
    }

    [Fact]
    public async Task A_command_is_answered_through_the_embedded_broker()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(22883);
        await AskAsync(broker.Endpoint);
    }

    [Fact]
    public async Task Where_no_device_listens_mosquitto_says_so_at_once()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using DeviceClient client = await ConnectAsync(broker.Endpoint);
        IOException error = await Assert.ThrowsAsync<IOException>(() => client.AskAsync("capture", default, Patience, TestContext.Current.CancellationToken));
        Assert.Contains("press-3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_does_not_answer_is_waited_for_no_longer_than_asked()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber deaf = await Subscriber.StartAsync(broker.Endpoint, "yolact/1/press-3/command/+");
        await using DeviceClient client = await ConnectAsync(broker.Endpoint);
        IOException error = await Assert.ThrowsAsync<IOException>(
            () => client.AskAsync("capture", default, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));
        Assert.Contains("within 1 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(Samples.Topics.Command("capture"), (await deaf.NextAsync()).Topic);
    }

    [Fact]
    public async Task An_older_protocol_carries_no_commands()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(22983);
        await using DeviceClient client = await ConnectAsync(broker.Endpoint, MqttVersion.V311);
        IOException error = await Assert.ThrowsAsync<IOException>(() => client.AskAsync("capture", default, Patience, TestContext.Current.CancellationToken));
        Assert.Contains("MQTT 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_broker_and_one_that_goes_are_said_in_words()
    {
        IOException error = await Assert.ThrowsAsync<IOException>(() => ConnectAsync(new IPEndPoint(IPAddress.Loopback, 1)));
        Assert.Contains("nothing listens there", error.Message, StringComparison.Ordinal);

        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using DeviceClient client = await ConnectAsync(broker.Endpoint);
        IAsyncEnumerator<IncomingMessage> messages = client.ListenAsync("a", TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        ValueTask<bool> next = messages.MoveNextAsync();
        await broker.StopAsync();
        await Assert.ThrowsAsync<IOException>(async () => await next);
    }

    [Fact]
    public async Task What_is_left_for_a_device_is_retained_and_heard()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(23083);
        await using DeviceClient client = await ConnectAsync(broker.Endpoint);
        await client.LeaveAsync(client.Topics.ConfigDesired, "{}"u8.ToArray(), TestContext.Current.CancellationToken);
        await foreach (IncomingMessage message in client.ListenAsync(client.Topics.ConfigDesired, TestContext.Current.CancellationToken))
        {
            Assert.Equal(("{}", true), (Encoding.UTF8.GetString(message.Payload.Span), message.Retained));
            break;
        }
    }

    private static async Task AskAsync(IPEndPoint broker)
    {
        await using var running = new RunningSession(broker);
        DeviceCommand capture = DeviceCommand.Of(CommandNames.Capture, CommandJson.Default.CaptureRequest, new RateLimit(10, 10), Patience,
            (_, _) => Task.FromResult(CommandReply.Done("Done.", new CaptureResult("main", 7, 1, "boot"), CommandJson.Default.CaptureResult)));
        var dispatcher = new CommandDispatcher([capture], new CommandOptions(), running.Session.Send, Samples.Stamp(), new PayloadPool(), TimeProvider.System,
            NullLogger.Instance);
        running.Session.Subscribe(dispatcher.Subscription);
        await using DeviceClient client = await ConnectAsync(broker);
        CommandResponseMessage? response = null;
        // The device's subscription is made known to nobody: it is asked until it hears.
        for (DateTime end = DateTime.UtcNow + Patience; response is null && DateTime.UtcNow < end;)
        {
            try
            {
                response = await client.AskAsync(CommandNames.Capture, default, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
        Assert.Equal((CommandCode.Done, CommandNames.Capture), (response!.Code, response.Command));
        Assert.Equal(7, response.Result!.Value.GetProperty("edge_id").GetInt64());
        Assert.Equal(CommandCode.Unknown, (await client.AskAsync("fly", default, Patience, TestContext.Current.CancellationToken)).Code);
    }

    private static Task<DeviceClient> ConnectAsync(IPEndPoint broker, MqttVersion version = MqttVersion.Auto) =>
        DeviceClient.ConnectAsync(new MqttOptions { Host = $"{broker.Address}", Port = broker.Port, Version = version }, "press-3", TestContext.Current.CancellationToken);
}
