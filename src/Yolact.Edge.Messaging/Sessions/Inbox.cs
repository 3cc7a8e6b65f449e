using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Packets;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>
/// What comes in: subscriptions, each with a bounded queue and a pump of its own. Filled by the connection, which never waits for a
/// handler.
/// </summary>
internal sealed partial class Inbox : IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Entry> _entries = [];
    private readonly ConcurrentQueue<Subscription> _unsent = new();
    private long _received;
    private long _refused;
    private bool _disposed;

    public Inbox(TimeProvider clock, ILogger logger) => (_clock, _logger) = (clock, logger);

    /// <summary>Subscriptions.</summary>
    public int Count
    {
        get
        {
            lock (_entries)
                return _entries.Count;
        }
    }

    /// <summary>Messages handed to a handler's queue.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Messages that were too large, or gave way to later ones.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public void Add(Subscription subscription)
    {
        lock (_entries)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Channel<IncomingMessage> queue = Channel.CreateBounded<IncomingMessage>(
                new BoundedChannelOptions(subscription.Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
                dropped =>
                {
                    Interlocked.Increment(ref _refused);
                    Log.Overtaken(_logger, dropped.Topic);
                });
            _entries.Add(new Entry(subscription, queue.Writer, Task.Run(() => PumpAsync(subscription, queue.Reader))));
        }
        _unsent.Enqueue(subscription);
    }

    /// <summary>Marks every subscription as to be sent: a new connection knows none of them.</summary>
    public void Renew()
    {
        _unsent.Clear();
        lock (_entries)
        {
            foreach (Entry entry in _entries)
                _unsent.Enqueue(entry.Subscription);
        }
    }

    public bool TryTakeUnsent(out Subscription subscription) => _unsent.TryDequeue(out subscription!);

    /// <summary>Hands a message to whom it concerns. Never waits and never throws for a message's sake.</summary>
    public void Receive(MqttApplicationMessage message)
    {
        IncomingMessage? whole = null;
        lock (_entries)
        {
            foreach (Entry entry in _entries)
            {
                if (MqttTopicFilterComparer.Compare(message.Topic, entry.Subscription.Filter) != MqttTopicFilterCompareResult.IsMatch)
                    continue;
                if (message.Payload.Length > entry.Subscription.MaxBytes)
                    Refuse(message, entry.Subscription);
                else if (entry.Queue.TryWrite(whole ??= Take(message, message.Payload.ToArray())))
                    Interlocked.Increment(ref _received);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] pumps;
        lock (_entries)
        {
            _disposed = true;
            foreach (Entry entry in _entries)
                entry.Queue.TryComplete();
            pumps = [.. _entries.Select(entry => entry.Pump)];
        }
        await _stop.CancelAsync();
        await Task.WhenAll(pumps);
        _stop.Dispose();
    }

    private void Refuse(MqttApplicationMessage message, Subscription subscription)
    {
        Interlocked.Increment(ref _refused);
        Log.TooLarge(_logger, message.Topic, message.Payload.Length, subscription.MaxBytes);
        try
        {
            subscription.TooLarge?.Invoke(Take(message, default), message.Payload.Length);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.HandlerFailed(_logger, e, message.Topic);
        }
    }

    private async Task PumpAsync(Subscription subscription, ChannelReader<IncomingMessage> queue)
    {
        try
        {
            await foreach (IncomingMessage message in queue.ReadAllAsync(_stop.Token))
                await HandleAsync(subscription, message);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The session is disposed.
        }
    }

    private async Task HandleAsync(Subscription subscription, IncomingMessage message)
    {
        try
        {
            await subscription.Handle(message, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The session is disposed.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.HandlerFailed(_logger, e, message.Topic);
        }
    }

    private IncomingMessage Take(MqttApplicationMessage message, ReadOnlyMemory<byte> payload) => new(message.Topic, payload, message.Retain)
    {
        ResponseTopic = string.IsNullOrEmpty(message.ResponseTopic) ? null : message.ResponseTopic,
        CorrelationData = message.CorrelationData is { Length: > 0 } data ? data : null,
        Expiry = message.MessageExpiryInterval > 0 ? TimeSpan.FromSeconds(message.MessageExpiryInterval) : null,
        ArrivedTicks = _clock.GetTimestamp(),
        UserProperties = message.UserProperties is { Count: > 0 } properties ? [.. properties.Select(Pair)] : [],
    };

    private static KeyValuePair<string, string> Pair(MqttUserProperty property) => new(property.Name, Encoding.UTF8.GetString(property.ValueBuffer.Span));

    private sealed record Entry(Subscription Subscription, ChannelWriter<IncomingMessage> Queue, Task Pump);

    private static partial class Log
    {
        [LoggerMessage(11, LogLevel.Warning, "A message on {Topic} of {Bytes} bytes was refused: {Max} bytes are taken at most.")]
        public static partial void TooLarge(ILogger logger, string topic, long bytes, int max);

        [LoggerMessage(12, LogLevel.Warning, "A message on {Topic} gave way to later ones: they come faster than they can be handled.")]
        public static partial void Overtaken(ILogger logger, string topic);

        [LoggerMessage(13, LogLevel.Error, "A message on {Topic} could not be handled.")]
        public static partial void HandlerFailed(ILogger logger, Exception error, string topic);
    }
}
