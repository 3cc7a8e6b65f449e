using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Dataset;

/// <summary>
/// Draws worlds and moments for training pictures: belts, light, cameras, speeds and densities (none to about nine parts a
/// picture, apart or in heaps) over a range that holds the live belt's. Picture i of a seed depends on both numbers alone.
/// </summary>
internal static class SceneSampler
{
    private const ulong SceneStreamId = 4;

    /// <summary>The world of one picture and the start of its exposure.</summary>
    public static (BeltWorld World, MonotonicTime ExposureStart) Sample(ulong seed, int index, int width, int height)
    {
        var random = new SeededRandom(SeededRandom.Derive(seed, SceneStreamId, index));
        double parts = random.Chance(0.04) ? 0 : random.Range(0.8, 9);
        double speed = random.Range(60, 900), smear = random.Chance(0.25) ? 0 : random.Range(0, 7);
        // A fifth of the pictures show the standard look, which the live belt starts with.
        bool standard = random.Chance(0.2);
        var options = new BeltWorldOptions
        {
            Seed = random.NextUInt64(),
            Width = width,
            Height = height,
            Speed = speed,
            Spacing = parts == 0 ? 100_000 : width / parts,
            Jitter = random.Range(0.1, 1),
            Fill = parts == 0 ? 0 : random.Range(0.75, 1),
            Spread = random.Chance(0.3) ? random.Range(0.3, 0.7) : random.Range(0.7, 1),
            ClutterSpacing = random.Chance(0.1) ? 0 : random.Range(70, 700),
            ExposureMs = Math.Min(99, 1000 * smear / speed),
            LookSeed = standard ? null : random.NextUInt64(),
        };
        var world = new BeltWorld(options, default(MonotonicTime));
        // Past the belt's start, so that the picture may hold parts everywhere.
        double travel = width + 400 + random.Range(0, 5000);
        return (world, world.TimeOf(travel));
    }
}
