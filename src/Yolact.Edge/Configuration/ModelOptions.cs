using Yolact.Edge.Models;

namespace Yolact.Edge.Configuration;

/// <summary>How one network takes over from another.</summary>
public enum ModelSwap
{
    /// <summary>
    /// The new one is loaded and tested beside the running one: no frame waits, and both need memory for a while. Where twice what the
    /// running one takes is more than the memory budget, as <see cref="After"/>.
    /// </summary>
    Beside,

    /// <summary>The running one goes first: capture stops until the new one is loaded.</summary>
    After,
}

/// <summary>Which network runs.</summary>
public sealed record ModelOptions
{
    /// <summary>
    /// An ONNX file (a re-scoring graph lies beside it), a folder with one, or the name of an imported or bundled model. Null (the
    /// default) for the bundled one.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>A model to fetch and run instead of <see cref="Path"/>; null (the default) for none.</summary>
    public ModelDownloadOptions? Download { get; init; }

    /// <summary>
    /// PEM file with the ECDSA P-256 public key that downloaded models must be signed for; null (the default) where the hash alone
    /// decides. Read from local configuration only.
    /// </summary>
    public string? PublicKeyFile { get; init; }

    /// <summary>How one network takes over from another. Default beside.</summary>
    public ModelSwap Swap { get; init; } = ModelSwap.Beside;

    /// <summary>What a network is shown before it gets the camera's frames.</summary>
    public SelfTestOptions SelfTest { get; init; } = new();

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
        if (SelfTest.MinObjects is < 0 or > 100)
            report($"{pointer}/self_test/min_objects", $"0 to 100, not {SelfTest.MinObjects}");
        if (SelfTest.Picture is not null && string.IsNullOrWhiteSpace(SelfTest.Picture))
            report($"{pointer}/self_test/picture", "a picture file");
        Download?.Validate($"{pointer}/download", PublicKeyFile is not null, report);
    }
}

/// <summary>What a network is shown before it gets the camera's frames.</summary>
public sealed record SelfTestOptions
{
    /// <summary>A picture file; null (the default) for the one that comes with the program, parts on the belt.</summary>
    public string? Picture { get; init; }

    /// <summary>Objects that must be seen in it at least, 0..100. Default 0: the network has to run, whatever it sees.</summary>
    public int MinObjects { get; init; }
}
