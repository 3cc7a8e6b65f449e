namespace Yolact.Edge.Configuration;

/// <summary>Which network runs.</summary>
public sealed record ModelOptions
{
    /// <summary>
    /// An ONNX file (a re-scoring graph lies beside it), a folder with one, or the name of an imported or bundled model. Null (the
    /// default) for the bundled one.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Frames in flight at once, 2..8: while one is in the engine, another is prepared and a third finished. Default 3.</summary>
    public int Slots { get; init; } = 3;

    /// <summary>Triggered frames that wait for the network, 1..1024; a further one is an overrun. Default 16.</summary>
    public int Queue { get; init; } = 16;

    /// <summary>Reports everything that is wrong; whether the file exists is not looked at.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (Path is not null && string.IsNullOrWhiteSpace(Path))
            report($"{pointer}/path", "an .onnx file, a folder with one, or a model's name");
        if (Slots is < 2 or > 8)
            report($"{pointer}/slots", $"2 to 8, not {Slots}");
        if (Queue is < 1 or > 1024)
            report($"{pointer}/queue", $"1 to 1024, not {Queue}");
    }
}
