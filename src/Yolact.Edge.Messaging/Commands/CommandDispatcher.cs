using Microsoft.Extensions.Logging;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Messaging.Commands;

/// <summary>
/// Takes requests from <c>yolact/1/{device}/command/{name}</c> and sees that each is answered once: refused where it names no way to
/// answer, forgotten where it expired, answered from a cache where it came before, limited in rate, size, number and time.
/// </summary>
public sealed partial class CommandDispatcher
{
    /// <summary>The largest request, in bytes.</summary>
    public const int MaxRequestBytes = 16 << 10;

    /// <summary>The longest correlation data, in bytes.</summary>
    public const int MaxCorrelationBytes = 128;

    private const int MaxRunning = 8;
    private const int Waiting = 64;

    private readonly Dictionary<string, (DeviceCommand Command, TokenBucket Bucket)> _commands;
    private readonly Action<Answer> _answer;
    private readonly MessageStamp _stamp;
    private readonly PayloadPool _pool;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TokenBucket _bucket;
    private readonly ReplyCache _cache;
    private readonly Lock _lock = new();
    private int _running;

    /// <summary>A dispatcher.</summary>
    /// <param name="commands">What can be asked for.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="answer">Sends answers; owns their payloads. Must not wait.</param>
    /// <param name="stamp">Ids and times.</param>
    /// <param name="pool">Memory for messages.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="logger">Takes who asked for what.</param>
    public CommandDispatcher(IEnumerable<DeviceCommand> commands, CommandOptions options, Action<Answer> answer, MessageStamp stamp, PayloadPool pool,
        TimeProvider clock, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stamp);
        (_answer, _stamp, _pool, _clock, _logger) = (answer, stamp, pool, clock, logger);
        _commands = commands.ToDictionary(command => command.Name, command => (command, new TokenBucket(command.Rate, clock)), StringComparer.Ordinal);
        _bucket = new TokenBucket(new RateLimit(options.PerSecond, 2 * options.PerSecond), clock);
        _cache = new ReplyCache(clock);
        Subscription = new Subscription($"{stamp.Topics.Root}/command/+", MaxRequestBytes, HandleAsync) { Capacity = Waiting, TooLarge = RefuseSize };
    }

    /// <summary>What the session is to listen to.</summary>
    public Subscription Subscription { get; }

    private Task HandleAsync(IncomingMessage message, CancellationToken cancellation)
    {
        if (Requested(message) is not { } request || IsExpired(request))
            return Task.CompletedTask;
        CachedResponse? before = null;
        CommandReply? refusal = null;
        DeviceCommand? command = null;
        lock (_lock)
        {
            if (!_cache.TryBegin(request.Key, out before))
                Log.Again(_logger, request.Name);
            else if (!_bucket.TryTake())
                refusal = new(CommandCode.TooMany, "Too many commands: try again later.");
            else if (!_commands.TryGetValue(request.Name, out (DeviceCommand Command, TokenBucket Bucket) known))
                refusal = new(CommandCode.Unknown, $"There is no command '{request.Name}'; known are {string.Join(", ", _commands.Keys)}.");
            else if (!known.Bucket.TryTake())
                refusal = new(CommandCode.TooMany, $"Too many commands '{request.Name}': try again later.");
            else if (_running >= MaxRunning)
                refusal = new(CommandCode.TooMany, $"{MaxRunning} commands are being worked on: try again later.");
            else
                (command, _running) = (known.Command, _running + 1);
        }
        if (before is not null)
            Send(request, before);
        else if (refusal is not null)
            Respond(request, refusal);
        else if (command is not null)
            _ = Task.Run(() => RunAsync(command, request, cancellation), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task RunAsync(DeviceCommand command, Request request, CancellationToken cancellation)
    {
        CommandReply reply;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            reply = await command.Run(request.Body, end.Token).WaitAsync(command.Timeout, _clock, cancellation);
        }
        catch (CommandException error)
        {
            reply = new(error.Code, error.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            reply = new(CommandCode.NotReady, "The program is being stopped.");
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            reply = new(CommandCode.TookTooLong, $"Not done within {command.Timeout.TotalSeconds:0} s.");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Log.Failed(_logger, error, request.Name);
            reply = new(CommandCode.Failed, $"It failed ({error.GetType().Name}); the device's log says more.");
        }
        // One that goes on past its time is told to end.
        await end.CancelAsync();
        lock (_lock)
            _running--;
        Respond(request, reply);
    }

    private void Respond(Request request, CommandReply reply)
    {
        Log.Answered(_logger, request.Name, (int)reply.Code, reply.Message);
        MessageHeader header = _stamp.Next();
        using PayloadBuffer buffer = _pool.Rent();
        PayloadJson.Write(buffer, new CommandResponseMessage(header.Id, header.Source, header.Time, request.Name, reply.Code, reply.Message, reply.Result));
        var response = new CachedResponse(header, buffer.WrittenSpan.ToArray());
        lock (_lock)
        {
            // "Try again later" must not be what a second try gets for ever.
            if (reply.Code is CommandCode.TooMany or CommandCode.NotReady)
                _cache.Drop(request.Key);
            else
                _cache.Keep(request.Key, response);
        }
        Send(request, response);
        reply.Afterwards?.Invoke();
    }

    private void Send(Request request, CachedResponse response)
    {
        PayloadBuffer buffer = _pool.Rent();
        response.Body.CopyTo(buffer.GetSpan(response.Body.Length));
        buffer.Advance(response.Body.Length);
        _answer(new Answer(request.ResponseTopic, "command-response", response.Header, buffer) { CorrelationData = request.Correlation });
    }

    private void RefuseSize(IncomingMessage message, long bytes)
    {
        if (Requested(message) is not { } request)
            return;
        // The flood that a size limit is for must not be answered message by message.
        bool allowed;
        lock (_lock)
            allowed = _bucket.TryTake();
        if (allowed)
            Respond(request, new(CommandCode.TooLarge, $"The request has {bytes} bytes; {MaxRequestBytes} are taken at most."));
    }

    private Request? Requested(IncomingMessage message)
    {
        string name = message.Topic[(message.Topic.LastIndexOf('/') + 1)..];
        string? wrong = !TopicName.IsValid(name) ? "its name is none"
            : message.Retained ? "it is retained: it would be done again with each connection"
            : message.CorrelationData is not { Length: <= MaxCorrelationBytes } ? $"it has no correlation data of 1 to {MaxCorrelationBytes} bytes (MQTT 5)"
            : !ResponseTopic.IsValid(message.ResponseTopic) ? $"its response topic is not {ResponseTopic.Rule}"
            : null;
        if (wrong is null)
            return new Request(name, message.ResponseTopic!, message.CorrelationData!, message.Payload, message.ArrivedTicks, message.Expiry);
        Log.Refused(_logger, name, wrong);
        return null;
    }

    private bool IsExpired(Request request)
    {
        bool expired = request.Expiry is { } expiry && _clock.GetElapsedTime(request.ArrivedTicks) >= expiry;
        if (expired)
            Log.Expired(_logger, request.Name);
        return expired;
    }

    private sealed record Request(string Name, string ResponseTopic, byte[] Correlation, ReadOnlyMemory<byte> Body, long ArrivedTicks, TimeSpan? Expiry)
    {
        public string Key { get; } = ReplyCache.KeyOf(Name, ResponseTopic, Correlation);
    }
}
