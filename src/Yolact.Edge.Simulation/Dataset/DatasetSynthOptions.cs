namespace Yolact.Edge.Simulation.Dataset;

/// <summary>What data set to make.</summary>
public sealed record DatasetSynthOptions
{
    /// <summary>Every picture follows from it; training and held-out sets differ by seed. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many pictures, 1..1000000. Default 100.</summary>
    public int Count { get; init; } = 100;

    /// <summary>Columns of a picture, 64..4096 px. Default 640.</summary>
    public int Width { get; init; } = 640;

    /// <summary>Rows of a picture, 64..4096 px. Default 480.</summary>
    public int Height { get; init; } = 480;

    /// <summary>Pictures made side by side, 1..256. Default: one for each processor.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="report">Receives the name of each wrong member and what would be right.</param>
    public void Validate(Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Range("count", Count, 1, 1_000_000);
        Range("width", Width, 64, 4096);
        Range("height", Height, 64, 4096);
        Range("threads", Threads, 1, 256);

        void Range(string name, int value, int low, int high)
        {
            if (value < low || value > high)
                report(name, $"{low} to {high}, not {value}");
        }
    }

    internal void ThrowIfInvalid()
    {
        var errors = new List<string>();
        Validate((name, right) => errors.Add($"{name}: {right}"));
        if (errors.Count > 0)
            throw new ArgumentException($"The data set's options are wrong. {string.Join("; ", errors)}.");
    }
}
