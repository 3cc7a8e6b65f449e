using Yolact.Edge.Capture.Gpio;

namespace Yolact.Edge.Configuration;

/// <summary>Output lines with a meaning of their own.</summary>
public sealed record LinesOptions
{
    /// <summary>The output line that is active while frames are on their way; null (the default) for none.</summary>
    public string? Busy { get; init; }

    /// <summary>The output line that is active while frames can be taken; null (the default) for none.</summary>
    public string? Ready { get; init; }

    /// <summary>The output line that lights the part; null (the default) for none.</summary>
    public StrobeOptions? Strobe { get; init; }

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="gpio">The lines that there are.</param>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(GpioOptions gpio, string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(gpio);
        ArgumentNullException.ThrowIfNull(report);
        Check("busy", Busy);
        Check("ready", Ready);
        if (Busy is not null && Busy == Ready)
            report($"{pointer}/ready", "another line than busy");
        Check("strobe/line", Strobe?.Line);
        if (Strobe is not null && (Strobe.Line == Busy || Strobe.Line == Ready))
            report($"{pointer}/strobe/line", "a line that is not busy or ready as well");
        Strobe?.Validate($"{pointer}/strobe", report);

        void Check(string member, string? line)
        {
            if (line is not null && !gpio.Outputs.Any(output => output.Name == line))
                report($"{pointer}/{member}", $"the name of an output line of /gpio/outputs, not '{line}'");
        }
    }
}
