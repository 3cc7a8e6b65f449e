namespace Yolact.Edge.Rules;

/// <summary>The pulse that a rule gives: at a fixed time after the edge, not when inference happened to end.</summary>
public sealed record RuleOutputOptions
{
    /// <summary>Name of the output line.</summary>
    public string Line { get; init; } = "";

    /// <summary>From the edge (free-running: from the start of exposure) to the pulse, in ms, 0..600000. Default 500.</summary>
    public double DelayMs { get; init; } = 500;

    /// <summary>Length of the pulse, in ms, 0.1..60000. Default 50.</summary>
    public double PulseMs { get; init; } = 50;

    /// <summary>How late the pulse may begin, in ms, 0..60000. Later it is of no use: the fail-safe is carried out. Default 10.</summary>
    public double DeadlineMs { get; init; } = 10;

    /// <summary>What a part gets whose result is late or that no frame answered: true (the default) for the pulse, false for none.</summary>
    public bool FailSafe { get; init; } = true;

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (string.IsNullOrWhiteSpace(Line))
            report($"{pointer}/line", "the name of an output line");
        Range("delay_ms", DelayMs, 0, 600_000);
        Range("pulse_ms", PulseMs, 0.1, 60_000);
        Range("deadline_ms", DeadlineMs, 0, 60_000);

        void Range(string name, double value, double low, double high)
        {
            if (!(value >= low && value <= high))
                report($"{pointer}/{name}", $"{low} to {high}, not {value}");
        }
    }
}
