using Yolact.Edge.Capture.Outputs;
using Yolact.Edge.Capture.Triggers;

namespace Yolact.Edge.Configuration;

/// <summary>
/// The pulse that lights a part: at a fixed time after each edge that asks for a frame, whether or not one comes. It follows the edge and not the
/// sensor: with a camera that runs freely the light has to stay on for a whole frame interval, or the sensor has to be triggered as well.
/// </summary>
public sealed record StrobeOptions
{
    /// <summary>Name of the output line.</summary>
    public string Line { get; init; } = "";

    /// <summary>From the edge to the pulse, in ms, 0..60000. Default 0.</summary>
    public double DelayMs { get; init; }

    /// <summary>Length of the pulse, in ms, 0.1..60000. Default 50.</summary>
    public double PulseMs { get; init; } = 50;

    /// <summary>How late the pulse may begin, in ms, 0..60000. Later the part is gone: it is left out and reported. Default 10.</summary>
    public double DeadlineMs { get; init; } = 10;

    /// <summary>The pulse for an edge.</summary>
    /// <param name="edge">The edge.</param>
    public OutputPulse PulseOf(in TriggerEdge edge) => new(
        Line, edge.Time + TimeSpan.FromMilliseconds(DelayMs), TimeSpan.FromMilliseconds(PulseMs), TimeSpan.FromMilliseconds(DeadlineMs), edge.Id);

    /// <summary>Reports everything that is wrong with the times.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Range("delay_ms", DelayMs, 0);
        Range("pulse_ms", PulseMs, 0.1);
        Range("deadline_ms", DeadlineMs, 0);

        void Range(string name, double value, double low)
        {
            if (!(value >= low && value <= 60_000))
                report($"{pointer}/{name}", $"{low} to 60000, not {value}");
        }
    }
}
