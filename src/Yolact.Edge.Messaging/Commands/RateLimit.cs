namespace Yolact.Edge.Messaging.Commands;

/// <summary>How often something may happen.</summary>
/// <param name="PerSecond">In the long run, above 0.</param>
/// <param name="Burst">At once after a pause, at least 1.</param>
public readonly record struct RateLimit(double PerSecond, int Burst);

/// <summary>Keeps a <see cref="RateLimit"/>: a bucket that is filled steadily and gives one token an event. For one thread at a time.</summary>
/// <param name="limit">The limit.</param>
/// <param name="clock">Measures.</param>
internal sealed class TokenBucket(RateLimit limit, TimeProvider clock)
{
    private double _tokens = limit.Burst;
    private long _filled = clock.GetTimestamp();

    /// <summary>Takes a token; false where there is none.</summary>
    public bool TryTake()
    {
        long now = clock.GetTimestamp();
        _tokens = Math.Min(limit.Burst, _tokens + (clock.GetElapsedTime(_filled, now).TotalSeconds * limit.PerSecond));
        _filled = now;
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }
}
