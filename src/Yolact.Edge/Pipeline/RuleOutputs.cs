using Yolact.Edge.Capture.Outputs;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Imaging;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Rules;

namespace Yolact.Edge.Pipeline;

/// <summary>
/// From results to lines. When an edge comes, each rule's pulse is promised for edge + delay; when its frame was judged, the promise is
/// decided; without a decision in time the schedule carries out the fail-safe. So a part's pulse comes at its time, however long the
/// network took. Free-running frames have no edge: their pulse counts from the start of exposure, and there is nothing to promise.
/// </summary>
/// <param name="rules">The rules.</param>
/// <param name="outputs">The lines' schedule.</param>
/// <param name="framesPerEdge">Frames that each edge asks for.</param>
public sealed class RuleOutputs(RuleSet rules, OutputScheduler outputs, int framesPerEdge)
{
    private readonly RuleResult[] _results = new RuleResult[rules.Count];
    private readonly RuleOutcome[] _outcomes = new RuleOutcome[rules.Count];
    private readonly long[] _decidedEdge = new long[rules.Count];

    /// <summary>Promises each rule's pulse for an edge, whether or not a frame will answer it. Once for each edge.</summary>
    /// <param name="edge">The edge.</param>
    public void Expect(in TriggerEdge edge)
    {
        for (int i = 0; i < rules.Count; i++)
        {
            if (rules[i].Output is { } output)
                outputs.Expect(PulseOf(output, edge.Time, edge.Id), output.FailSafe);
        }
    }

    /// <summary>Judges a picture and decides what was promised. One thread at a time.</summary>
    /// <param name="captured">The frame.</param>
    /// <param name="detections">What was found in it.</param>
    /// <param name="width">Columns of the picture, in px.</param>
    /// <param name="height">Rows of the picture, in px.</param>
    /// <returns>What each rule made of it; valid until the next call.</returns>
    public ReadOnlySpan<RuleOutcome> Apply(in CapturedFrame captured, ReadOnlySpan<Detection> detections, int width, int height)
    {
        rules.Evaluate(detections, width, height, _results);
        for (int i = 0; i < rules.Count; i++)
        {
            RuleOutputOptions? output = rules[i].Output;
            MonotonicTime? at = null;
            bool late = false;
            if (output is not null)
                (at, late) = Drive(i, output, captured, _results[i].Met);
            _outcomes[i] = new RuleOutcome(rules[i].Name, _results[i].Met, _results[i].Count, output?.Line, at, late);
        }
        return _outcomes;
    }

    private (MonotonicTime? At, bool Late) Drive(int rule, RuleOutputOptions output, in CapturedFrame captured, bool met)
    {
        if (captured.Edge is not { } edge)
        {
            MonotonicTime start = captured.Frame.Picture.Time.ExposureStart;
            if (!met)
                return default;
            OutputPulse pulse = PulseOf(output, start, edge: 0);
            outputs.Pulse(pulse);
            return (pulse.At, false);
        }
        // Of several frames for one edge one that meets the rule is enough; that none does is known with the last.
        bool decided = _decidedEdge[rule] == edge.Id;
        if (decided || (!met && captured.Index < framesPerEdge - 1))
            return default;
        _decidedEdge[rule] = edge.Id;
        bool inTime = outputs.Decide(output.Line, edge.Id, met);
        return (met ? PulseOf(output, edge.Time, edge.Id).At : null, !inTime);
    }

    private static OutputPulse PulseOf(RuleOutputOptions output, MonotonicTime from, long edge) => new(
        output.Line, from + TimeSpan.FromMilliseconds(output.DelayMs), TimeSpan.FromMilliseconds(output.PulseMs),
        TimeSpan.FromMilliseconds(output.DeadlineMs), edge);
}
