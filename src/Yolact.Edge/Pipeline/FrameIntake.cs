using Yolact.Edge.Capture.Triggers;

namespace Yolact.Edge.Pipeline;

/// <summary>What became of a frame that was handed in.</summary>
public enum IntakeResult
{
    /// <summary>It waits for the network.</summary>
    Accepted,

    /// <summary>It waits, and took the place of an older free-running frame.</summary>
    Replaced,

    /// <summary>It was let go: triggered frames fill every place.</summary>
    Overrun,

    /// <summary>It was let go: the pipeline stops.</summary>
    Stopped,
}

/// <summary>
/// Where frames wait for the network. Of free-running frames only the latest waits; triggered ones wait in order, each until it is taken,
/// and one that finds no place is refused, never dropped without a word. Many givers, one taker.
/// </summary>
/// <param name="capacity">Triggered frames that may wait, at least 1.</param>
public sealed class FrameIntake(int capacity) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<Arrival> _triggered = new(capacity);
    private readonly SemaphoreSlim _waiting = new(0);
    private Arrival? _latest;
    private bool _closed;

    /// <summary>A frame and when it came.</summary>
    /// <param name="Captured">The frame; owned by whoever holds this.</param>
    /// <param name="Ticks">When it came, as a timestamp of the clock.</param>
    /// <param name="Recipe">What is to be made of it; used by whoever holds this.</param>
    public readonly record struct Arrival(CapturedFrame Captured, long Ticks, Recipe? Recipe = null) : IDisposable
    {
        /// <summary>Gives the frame back.</summary>
        public void Dispose()
        {
            Captured.Dispose();
            Recipe?.Release();
        }
    }

    /// <summary>Frames that wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _triggered.Count + (_latest is null ? 0 : 1);
        }
    }

    /// <summary>Hands a frame in; it is owned by the intake from now on, whatever becomes of it.</summary>
    /// <param name="captured">The frame.</param>
    /// <param name="ticks">Now, as a timestamp of the clock.</param>
    /// <param name="recipe">What is to be made of it; a use of it is the intake's from now on.</param>
    public IntakeResult Offer(in CapturedFrame captured, long ticks, Recipe? recipe = null)
    {
        IntakeResult result = Place(new Arrival(captured, ticks, recipe), out Arrival? released);
        released?.Dispose();
        if (result == IntakeResult.Accepted)
            _waiting.Release();
        return result;
    }

    /// <summary>Takes the next frame, waiting for one.</summary>
    /// <param name="arrival">The frame, owned by the caller.</param>
    /// <returns>False once the intake is closed and empty.</returns>
    public bool Take(out Arrival arrival)
    {
        while (true)
        {
            _waiting.Wait();
            lock (_lock)
            {
                if (_triggered.TryDequeue(out arrival))
                    return true;
                if (_latest is { } latest)
                {
                    (_latest, arrival) = (null, latest);
                    return true;
                }
                if (!_closed)
                    continue;
            }
            _waiting.Release(); // stays open for whoever asks again
            return false;
        }
    }

    /// <summary>Refuses further frames; those that wait can still be taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
        }
        _waiting.Release();
    }

    /// <summary>Closes, and gives back what nobody took.</summary>
    public void Dispose()
    {
        Close();
        while (Take(out Arrival arrival))
            arrival.Dispose();
        _waiting.Dispose();
    }

    private IntakeResult Place(in Arrival arrival, out Arrival? released)
    {
        released = null;
        lock (_lock)
        {
            if (_closed)
            {
                released = arrival;
                return IntakeResult.Stopped;
            }
            if (arrival.Captured.Edge is null)
            {
                (released, _latest) = (_latest, arrival);
                return released is null ? IntakeResult.Accepted : IntakeResult.Replaced;
            }
            if (_triggered.Count >= capacity)
            {
                released = arrival;
                return IntakeResult.Overrun;
            }
            _triggered.Enqueue(arrival);
            return IntakeResult.Accepted;
        }
    }
}
