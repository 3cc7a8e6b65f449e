using System.Diagnostics;

namespace Yolact.Edge.Bench;

/// <summary>Durations of one thing measured many times.</summary>
public sealed class Samples
{
    private readonly List<long> _ticks = [];

    /// <summary>Measures one run.</summary>
    /// <param name="work">What is measured.</param>
    public void Measure(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        long start = Stopwatch.GetTimestamp();
        work();
        _ticks.Add(Stopwatch.GetTimestamp() - start);
    }

    /// <summary>Number of runs.</summary>
    public int Count => _ticks.Count;

    /// <summary>Half of the runs took at most this, in ms.</summary>
    public double Median => Percentile(50);

    /// <summary>That share of the runs took at most this, in ms (nearest rank).</summary>
    /// <param name="share">In per cent, 0..100.</param>
    /// <exception cref="InvalidOperationException">Nothing was measured.</exception>
    public double Percentile(double share)
    {
        if (_ticks.Count == 0)
            throw new InvalidOperationException("Nothing was measured.");
        long[] sorted = [.. _ticks.Order()];
        int rank = Math.Clamp((int)Math.Ceiling(share / 100 * sorted.Length) - 1, 0, sorted.Length - 1);
        return sorted[rank] * 1000.0 / Stopwatch.Frequency;
    }
}
