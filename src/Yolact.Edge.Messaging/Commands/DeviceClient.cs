using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Messaging.Commands;

/// <summary>The other side: asks a device for things and hears what it says. One connection, no reconnecting: for tools, not for services.</summary>
public sealed class DeviceClient : IAsyncDisposable
{
    /// <summary>The largest message that is taken, in bytes.</summary>
    public const int MaxBytes = 32 << 20;

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Inbox _inbox = new(TimeProvider.System, NullLogger.Instance);
    private readonly Channel<IncomingMessage> _responses = Channel.CreateBounded<IncomingMessage>(64);
    private readonly CancellationTokenSource _gone = new();
    private readonly string _replies;
    private string _problem = "the connection ended";
    private bool _listens;

    private DeviceClient(string device, string clientId)
    {
        Topics = new TopicTree(device);
        _replies = $"yolact-replies/{clientId}";
        _client.ApplicationMessageReceivedAsync += arguments =>
        {
            _inbox.Receive(arguments.ApplicationMessage);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += arguments =>
        {
            _problem = arguments.ReasonString is { Length: > 0 } reason ? reason
                : arguments.Exception is { } error ? ConnectionProblem.Describe(error) : $"the connection ended ({arguments.Reason})";
            return _gone.CancelAsync();
        };
    }

    /// <summary>The device's topics.</summary>
    public TopicTree Topics { get; }

    /// <summary>Connects.</summary>
    /// <param name="options">Valid options with a host; their protocol version is MQTT 5 but where it says 3.1.1.</param>
    /// <param name="device">Name of the device.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">There is no connection; the message says why.</exception>
    public static async Task<DeviceClient> ConnectAsync(MqttOptions options, string device, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        string clientId = options.ClientId ?? $"yolact-remote-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        var client = new DeviceClient(device, clientId);
        var broker = new DnsEndPoint(options.Host ?? "127.0.0.1", options.EffectivePort);
        string? certificate = null, problem;
        try
        {
            MqttProtocolVersion version = options.Version == MqttVersion.V311 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
            MqttClientConnectResult result = await client._client.ConnectAsync(
                ClientOptions.Create(options with { SessionExpiryS = 0 }, clientId, broker, version, null, null, why => certificate = why), cancellation);
            problem = result.ResultCode == MqttClientConnectResultCode.Success ? null : ConnectionProblem.Describe(result.ResultCode, result.ReasonString);
        }
        catch (Exception error) when (error is not OutOfMemoryException && !cancellation.IsCancellationRequested)
        {
            problem = certificate ?? ConnectionProblem.Describe(error);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
        if (problem is null)
            return client;
        await client.DisposeAsync();
        throw new IOException($"No connection to the broker at {broker.Host}:{broker.Port}: {problem}.");
    }

    /// <summary>Asks for something and waits for the response.</summary>
    /// <param name="command">One of <see cref="CommandNames"/>.</param>
    /// <param name="body">The request's body; empty for <c>{}</c>.</param>
    /// <param name="patience">How long to wait; the request expires then.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">There is no response; the message says why.</exception>
    public async Task<CommandResponseMessage> AskAsync(string command, ReadOnlyMemory<byte> body, TimeSpan patience, CancellationToken cancellation)
    {
        if (_client.Options.ProtocolVersion != MqttProtocolVersion.V500)
            throw new IOException("Commands need MQTT 5, and this connection speaks 3.1.1.");
        await ListenOnceAsync(cancellation);
        byte[] correlation = RandomNumberGenerator.GetBytes(16);
        MqttClientPublishResult sent = await PublishAsync(new MqttApplicationMessage
        {
            Topic = Topics.Command(command),
            Payload = new ReadOnlySequence<byte>(body),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            ContentType = MqttSession.ContentType,
            ResponseTopic = _replies,
            CorrelationData = correlation,
            MessageExpiryInterval = (uint)Math.Max(1, Math.Ceiling(patience.TotalSeconds)),
        }, cancellation);
        if (sent.ReasonCode == MqttClientPublishReasonCode.NoMatchingSubscribers)
            throw new IOException($"No device '{Topics.Device}' takes commands at this broker: it is not connected, is called otherwise, or has them switched off.");

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _gone.Token);
        limit.CancelAfter(patience);
        try
        {
            while (true)
            {
                IncomingMessage message = await _responses.Reader.ReadAsync(limit.Token);
                if (message.CorrelationData is { } data && data.AsSpan().SequenceEqual(correlation))
                    return Parse(message.Payload.Span);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException(_gone.IsCancellationRequested ? $"The broker is gone: {_problem}." : $"No response from '{Topics.Device}' within {patience.TotalSeconds:0.#} s.");
        }
    }

    /// <summary>Hears what is said, retained messages first, until cancelled or the connection ends.</summary>
    /// <param name="filter">A topic filter.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IOException">The broker does not allow that, or is gone.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async IAsyncEnumerable<IncomingMessage> ListenAsync(string filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Channel<IncomingMessage> heard = Channel.CreateBounded<IncomingMessage>(1024);
        await SubscribeAsync(filter, heard.Writer, cancellation);
        while (true)
        {
            IncomingMessage message;
            using (CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _gone.Token))
            {
                try
                {
                    message = await heard.Reader.ReadAsync(either.Token);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    throw new IOException($"The broker is gone: {_problem}.");
                }
            }
            yield return message;
        }
    }

    /// <summary>Leaves a message for the device to find.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its body; empty to take away what was left before.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The broker does not take it.</exception>
    public Task LeaveAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation) => PublishAsync(new MqttApplicationMessage
    {
        Topic = topic,
        Payload = new ReadOnlySequence<byte>(payload),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = true,
        ContentType = MqttSession.ContentType,
    }, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_client.IsConnected)
                await _client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // It is gone either way.
        }
        _client.Dispose();
        await _inbox.DisposeAsync();
        _gone.Dispose();
    }

    private async Task ListenOnceAsync(CancellationToken cancellation)
    {
        if (!_listens)
            await SubscribeAsync(_replies, _responses.Writer, cancellation);
        _listens = true;
    }

    private async Task SubscribeAsync(string filter, ChannelWriter<IncomingMessage> heard, CancellationToken cancellation)
    {
        _inbox.Add(new Subscription(filter, MaxBytes, async (message, end) => await heard.WriteAsync(message, end)) { Capacity = 1024 });
        MqttClientSubscribeResult result = await OnLinkAsync(() => _client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, cancellation), cancellation);
        if (result.Items.FirstOrDefault(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
            throw new IOException($"The broker does not let us listen to {filter}: {refused.ResultCode} {result.ReasonString}".TrimEnd() + ".");
    }

    private async Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage message, CancellationToken cancellation)
    {
        MqttClientPublishResult result = await OnLinkAsync(() => _client.PublishAsync(message, cancellation), cancellation);
        return result.IsSuccess ? result : throw new IOException($"The broker does not take a message on {message.Topic}: {result.ReasonCode} {result.ReasonString}".TrimEnd() + ".");
    }

    private static async Task<T> OnLinkAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is not OutOfMemoryException && !cancellation.IsCancellationRequested)
        {
            throw new IOException($"The broker is gone: {ConnectionProblem.Describe(error)}.", error);
        }
    }

    private static CommandResponseMessage Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, PayloadJson.Default.CommandResponseMessage) ?? throw new IOException("The response is empty.");
        }
        catch (JsonException error)
        {
            throw new IOException($"The response cannot be read: {error.Message}", error);
        }
    }
}
