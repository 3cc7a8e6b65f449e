namespace Yolact.Edge.Telemetry;

/// <summary>Figures about program and machine.</summary>
public sealed record TelemetryOptions
{
    /// <summary>Seconds from one health message to the next, 1..3600. Default 10.</summary>
    public int HealthIntervalS { get; init; } = 10;

    /// <summary>The folder that stands for <c>/</c> when sysfs and procfs are read. Default <c>/</c>.</summary>
    public string Root { get; init; } = "/";

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (HealthIntervalS is < 1 or > 3600)
            report($"{pointer}/health_interval_s", $"1 to 3600, not {HealthIntervalS}");
        if (string.IsNullOrWhiteSpace(Root) || !Path.IsPathRooted(Root))
            report($"{pointer}/root", $"an absolute folder, not '{Root}'");
    }
}
