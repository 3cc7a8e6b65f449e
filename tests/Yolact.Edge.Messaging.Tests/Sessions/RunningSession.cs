using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Messaging.Tests.Sessions;

/// <summary>A session that runs for the length of a test.</summary>
internal sealed class RunningSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PayloadPool _pool = new();
    private readonly Task _running;
    private readonly CapturedLog _log = new();

    public RunningSession(EndPoint broker, MqttOptions? options = null, MessageOutbox? outbox = null)
    {
        Session = new MqttSession(options ?? new MqttOptions(), broker, Samples.Topics.Device, Samples.Topics.Status,
            State("lost"), _pool, TimeProvider.System, _log, outbox);
        _running = Session.RunAsync(_stop.Token);
    }

    public MqttSession Session { get; }

    public IReadOnlyList<string> Log => _log.Lines;

    public MessageStamp Stamp { get; } = Samples.Stamp();

    public static StateWriter State(string state) => (buffer, connection) =>
    {
        Utf8JsonWriter json = buffer.BeginJson();
        json.WriteStartObject();
        json.WriteString("state", state);
        json.WriteNumber("connection", connection);
        json.WriteEndObject();
        json.Flush();
    };

    public void Publish(string text, bool promised)
    {
        PayloadBuffer buffer = _pool.Rent();
        int written = Encoding.UTF8.GetBytes(text, buffer.GetSpan(text.Length * 3));
        buffer.Advance(written);
        Session.Publish(new OutgoingMessage(promised ? Samples.Topics.Events : Samples.Topics.Health, "event", Stamp.Next(), buffer, promised));
    }

    public async Task UntilAsync(Func<MqttSession, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition(Session))
            await Task.Delay(10, patience.Token);
    }

    public async Task UntilLoggedAsync(string words)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!Log.Any(line => line.Contains(words, StringComparison.Ordinal)))
            await Task.Delay(10, patience.Token);
    }

    public async Task<int> CloseAsync()
    {
        await _stop.CancelAsync();
        await _running;
        return await Session.CloseAsync(State("disconnected"), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Session.DisposeAsync();
        _stop.Dispose();
    }

    private sealed class CapturedLog : ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.Add($"{formatter(state, exception)} {exception}");
        }
    }
}
