namespace Yolact.Edge.Configuration;

/// <summary>The live page, Prometheus' <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c>: on loopback alone.</summary>
public sealed record WebOptions
{
    /// <summary>Whether there is any of it. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The port on 127.0.0.1, 1..65535; the next free one where it is taken. Default 8080.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Pictures a second on the live page, 1..30. Default 10.</summary>
    public int PageFps { get; init; } = 10;

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (Port is < 1 or > 65535)
            report($"{pointer}/port", $"1 to 65535, not {Port}");
        if (PageFps is < 1 or > 30)
            report($"{pointer}/page_fps", $"1 to 30, not {PageFps}");
    }
}
