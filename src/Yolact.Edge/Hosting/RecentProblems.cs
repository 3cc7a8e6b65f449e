using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Hosting;

/// <summary>Keeps the log's last warnings and errors, without passwords, for whoever asks how the device fares. Safe for use from several threads.</summary>
/// <param name="clock">The wall clock.</param>
[ProviderAlias("RecentProblems")]
public sealed class RecentProblems(TimeProvider clock) : ILoggerProvider
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 50;

    /// <summary>The longest message, in characters.</summary>
    public const int MaxLength = 500;

    private readonly Lock _lock = new();
    private readonly Queue<LoggedProblem> _problems = new();

    /// <summary>The last ones, oldest first.</summary>
    public IReadOnlyList<LoggedProblem> List()
    {
        lock (_lock)
            return [.. _problems];
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Collector(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Add(LogLevel level, string category, string message)
    {
        string text = Redaction.Text(message);
        var problem = new LoggedProblem(clock.GetUtcNow().UtcDateTime, level == LogLevel.Warning ? EventSeverity.Warning : EventSeverity.Error, category,
            text.Length <= MaxLength ? text : text[..MaxLength]);
        lock (_lock)
        {
            _problems.Enqueue(problem);
            if (_problems.Count > Capacity)
                _problems.Dequeue();
        }
    }

    private sealed class Collector(RecentProblems owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                owner.Add(logLevel, category, exception is null ? formatter(state, null) : $"{formatter(state, exception)} {exception.GetType().Name}: {exception.Message}");
        }
    }
}
