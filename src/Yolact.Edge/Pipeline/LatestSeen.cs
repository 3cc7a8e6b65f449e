using Yolact.Edge.Imaging;

namespace Yolact.Edge.Pipeline;

/// <summary>What was seen last, for people who watch: small copies, taken a few times a second at most.</summary>
/// <param name="clock">Measures.</param>
public sealed class LatestSeen(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Queue<long> _recent = new();
    private readonly Lock _lock = new();
    private long _copied;
    private SeenFrame _frame = new(0, []);

    /// <summary>The last frame that was copied.</summary>
    public SeenFrame Frame => Volatile.Read(ref _frame);

    /// <summary>Frames a second over the last two seconds.</summary>
    public double Fps
    {
        get
        {
            lock (_lock)
            {
                Forget();
                return _recent.Count / 2.0;
            }
        }
    }

    /// <summary>Notes a frame.</summary>
    /// <param name="result">What was seen in it.</param>
    public void Add(in FrameResult result)
    {
        long now = clock.GetTimestamp();
        lock (_lock)
        {
            _recent.Enqueue(now);
            Forget();
        }
        if (_copied != 0 && clock.GetElapsedTime(_copied, now) < Interval)
            return;
        _copied = now;
        var objects = new SeenObject[result.Detections.Count];
        for (int i = 0; i < objects.Length; i++)
        {
            Detection detection = result.Detections[i];
            objects[i] = new SeenObject(result.Recipe.Labels[detection.ClassId], detection.Score, detection.Box);
        }
        Volatile.Write(ref _frame, new SeenFrame(result.Sequence, objects));
    }

    private void Forget()
    {
        while (_recent.TryPeek(out long first) && clock.GetElapsedTime(first) > TimeSpan.FromSeconds(2))
            _recent.Dequeue();
    }
}

/// <summary>A frame that was seen.</summary>
/// <param name="Sequence">The source's number.</param>
/// <param name="Objects">What was found, best first.</param>
public sealed record SeenFrame(long Sequence, IReadOnlyList<SeenObject> Objects);

/// <summary>An object that was seen.</summary>
/// <param name="Label">Its class.</param>
/// <param name="Score">Class score, times mask IoU where that was predicted.</param>
/// <param name="Box">In px of the source picture.</param>
public sealed record SeenObject(string Label, float Score, Box Box);
