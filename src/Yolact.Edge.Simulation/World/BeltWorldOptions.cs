namespace Yolact.Edge.Simulation.World;

/// <summary>The belt world: what its belt carries, how it moves, where the light barrier stands and how its camera
/// exposes.</summary>
public sealed record BeltWorldOptions
{
    /// <summary>Everything in the world follows from it. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Columns of the camera's picture, 64..4096 px. Default 640.</summary>
    public int Width { get; init; } = 640;

    /// <summary>Rows of the camera's picture, 64..4096 px. Default 480.</summary>
    public int Height { get; init; } = 480;

    /// <summary>How fast the belt runs, from left to right, 1..100000 px/s. Default 240.</summary>
    public double Speed { get; init; } = 240;

    /// <summary>Mean distance from one part's centre to the next, 20..100000 px. Default 280.</summary>
    public double Spacing { get; init; } = 280;

    /// <summary>
    /// How far parts stray from even places, as a share of <see cref="Spacing"/>, 0..1. Default 0.15. Parts never touch where
    /// Spacing * (1 - Jitter) exceeds 1.12 times the largest size.
    /// </summary>
    public double Jitter { get; init; } = 0.15;

    /// <summary>The share of places that hold a part, 0..1. Default 1.</summary>
    public double Fill { get; init; } = 1;

    /// <summary>How much of the belt's width parts are spread over, 0 (all on the middle line) to 1. Default 0.7.</summary>
    public double Spread { get; init; } = 0.7;

    /// <summary>Smallest longest dimension of a part, 20..400 px; a class' own range may be narrower. Default 60.</summary>
    public double MinSize { get; init; } = 60;

    /// <summary>Largest longest dimension of a part, <see cref="MinSize"/>..400 px. Default 200.</summary>
    public double MaxSize { get; init; } = 200;

    /// <summary>Mean distance between pieces of clutter (swarf, tape, oil, ...) along the belt, 20..100000 px, or 0 for a
    /// clean belt. Default 260.</summary>
    public double ClutterSpacing { get; init; } = 260;

    /// <summary>The picture's column that the light barrier looks across, -100000..100000 px; it may stand outside the
    /// picture. Default 320.</summary>
    public double BarrierColumn { get; init; } = 320;

    /// <summary>Exposure time, 0..100 ms; at the belt's speed it may smear at most <see cref="MaxSmear"/> px. Default
    /// 4.</summary>
    public double ExposureMs { get; init; } = 4;

    /// <summary>Seed of the belt's surface, light and camera, or null for the standard look. Default null.</summary>
    public ulong? LookSeed { get; init; }

    /// <summary>The longest smear that an exposure may make, px.</summary>
    public const double MaxSmear = 64;

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of this record.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Range("width", Width, 64, 4096);
        Range("height", Height, 64, 4096);
        Range("speed", Speed, 1, 100_000);
        Range("spacing", Spacing, 20, 100_000);
        Range("jitter", Jitter, 0, 1);
        Range("fill", Fill, 0, 1);
        Range("spread", Spread, 0, 1);
        Range("min_size", MinSize, 20, 400);
        Range("max_size", MaxSize, 20, 400);
        if (MaxSize < MinSize)
            report($"{pointer}/max_size", $"at least min_size ({MinSize}), not {MaxSize}");
        if (ClutterSpacing != 0)
            Range("clutter_spacing", ClutterSpacing, 20, 100_000);
        Range("barrier_column", BarrierColumn, -100_000, 100_000);
        Range("exposure_ms", ExposureMs, 0, 100);
        if (Speed * ExposureMs > 1000 * MaxSmear)
            report($"{pointer}/exposure_ms",
                $"at most {1000 * MaxSmear / Speed:0.###} at {Speed} px/s (a smear of {MaxSmear} px), not {ExposureMs}");

        // Negated so that NaN is wrong too.
        void Range(string name, double value, double low, double high)
        {
            if (!(value >= low && value <= high))
                report($"{pointer}/{name}", $"{low} to {high}, not {value}");
        }
    }
}
