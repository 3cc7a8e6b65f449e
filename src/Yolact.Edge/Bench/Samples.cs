using System.Diagnostics;

namespace Yolact.Edge.Bench;

/// <summary>Durations of one thing measured many times.</summary>
public sealed class Samples
{
    private readonly List<TimeSpan> _times = [];

    /// <summary>Measures one run.</summary>
    /// <param name="work">What is measured.</param>
    public void Measure(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        long start = Stopwatch.GetTimestamp();
        work();
        Add(Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Adds a run that was measured elsewhere.</summary>
    /// <param name="time">How long it took.</param>
    public void Add(TimeSpan time) => _times.Add(time);

    /// <summary>Forgets all runs.</summary>
    public void Clear() => _times.Clear();

    /// <summary>Number of runs.</summary>
    public int Count => _times.Count;

    /// <summary>Half of the runs took at most this, in ms.</summary>
    public double Median => Percentile(50);

    /// <summary>That share of the runs took at most this, in ms (nearest rank).</summary>
    /// <param name="share">In per cent, 0..100.</param>
    /// <exception cref="InvalidOperationException">Nothing was measured.</exception>
    public double Percentile(double share)
    {
        if (_times.Count == 0)
            throw new InvalidOperationException("Nothing was measured.");
        TimeSpan[] sorted = [.. _times.Order()];
        int rank = Math.Clamp((int)Math.Ceiling(share / 100 * sorted.Length) - 1, 0, sorted.Length - 1);
        return sorted[rank].TotalMilliseconds;
    }
}
