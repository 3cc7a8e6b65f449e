using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;

namespace Yolact.Edge.Pipeline;

/// <summary>Mean and longest time of each stage since the last look.</summary>
public sealed class StageClock
{
    private static readonly string[] Names = ["wait", "preprocess", "inference", "postprocess"];

    private readonly Lock _lock = new();
    private readonly double[] _sum = new double[Names.Length];
    private readonly double[] _max = new double[Names.Length];
    private int _frames;
    private StageTimes _latest;

    /// <summary>Times of the last frame.</summary>
    public StageTimes Latest
    {
        get
        {
            lock (_lock)
                return _latest;
        }
    }

    /// <summary>Adds a frame.</summary>
    /// <param name="stages">Its times.</param>
    public void Add(in StageTimes stages)
    {
        lock (_lock)
        {
            _frames++;
            _latest = stages;
            Add(0, stages.Wait);
            Add(1, stages.Preprocess);
            Add(2, stages.Inference);
            Add(3, stages.Postprocess);
        }
    }

    /// <summary>The figures since the last call, in ms by stage; empty where no frame came.</summary>
    public IReadOnlyDictionary<string, StageFigures> Take()
    {
        lock (_lock)
        {
            var figures = new Dictionary<string, StageFigures>();
            for (int i = 0; i < Names.Length && _frames > 0; i++)
                figures[Names[i]] = new StageFigures(Math.Round(_sum[i] / _frames, 3), Math.Round(_max[i], 3));
            Array.Clear(_sum);
            Array.Clear(_max);
            _frames = 0;
            return figures;
        }
    }

    private void Add(int stage, TimeSpan time)
    {
        _sum[stage] += time.TotalMilliseconds;
        _max[stage] = Math.Max(_max[stage], time.TotalMilliseconds);
    }
}
