using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Yolact.Edge.Hosting;

/// <summary>
/// Log levels that are set for a while, on top of what the program was started with. A later setting of the same category takes the place
/// of an earlier one. Safe for use from several threads.
/// </summary>
/// <param name="clock">Measures the while.</param>
public sealed class LogLevels(TimeProvider clock) : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>, IDisposable
{
    private const int MaxCategories = 16;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, (LogLevel Level, ITimer Ends)> _set = new(StringComparer.Ordinal);
    private CancellationTokenSource _changed = new();

    /// <inheritdoc/>
    public string? Name => Options.DefaultName;

    /// <summary>Sets a level.</summary>
    /// <param name="level">From what on is logged.</param>
    /// <param name="category">Which part of the program: a namespace; null for all of it.</param>
    /// <param name="time">For how long.</param>
    /// <returns>When it is as before again, UTC.</returns>
    public DateTime Set(LogLevel level, string? category, TimeSpan time)
    {
        string key = category ?? "";
        lock (_lock)
        {
            Remove(key);
            if (_set.Count >= MaxCategories)
                Remove(_set.GetAt(0).Key);
            ITimer? ends = null;
            ends = clock.CreateTimer(_ => End(key, ends), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _set.Add(key, (level, ends));
            ends.Change(time, Timeout.InfiniteTimeSpan);
        }
        Changed();
        return (clock.GetUtcNow() + time).UtcDateTime;
    }

    /// <inheritdoc/>
    public void Configure(LoggerFilterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (_lock)
        {
            foreach ((string category, (LogLevel level, _)) in _set)
            {
                if (category.Length == 0)
                    options.MinLevel = level;
                // Of rules that are equally long the last one counts.
                options.Rules.Add(new LoggerFilterRule(null, category.Length == 0 ? null : category, level, null));
            }
        }
    }

    /// <inheritdoc/>
    public IChangeToken GetChangeToken()
    {
        lock (_lock)
            return new CancellationChangeToken(_changed.Token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            while (_set.Count > 0)
                Remove(_set.GetAt(0).Key);
            _changed.Dispose();
        }
    }

    private void End(string key, ITimer? timer)
    {
        lock (_lock)
        {
            if (!_set.TryGetValue(key, out (LogLevel, ITimer Ends) one) || one.Ends != timer)
                return;
            Remove(key);
        }
        Changed();
    }

    private void Remove(string key)
    {
        if (_set.Remove(key, out (LogLevel, ITimer Ends) one))
            one.Ends.Dispose();
    }

    private void Changed()
    {
        CancellationTokenSource old;
        lock (_lock)
            (old, _changed) = (_changed, new CancellationTokenSource());
        old.Cancel();
    }
}
