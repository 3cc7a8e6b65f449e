using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Tests.World;

public sealed class BeltWorldOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(Errors(new()));

    [Fact]
    public void Every_error_is_reported_at_once()
    {
        var wrong = new BeltWorldOptions
        {
            Width = 63,
            Height = 5000,
            Speed = double.NaN,
            Spacing = 0,
            Jitter = -0.1,
            Fill = 1.1,
            Spread = 2,
            MinSize = 300,
            MaxSize = 200,
            ClutterSpacing = 3,
            BarrierColumn = 1e9,
            ExposureMs = -1,
        };
        Assert.Equal(
            ["/belt/width", "/belt/height", "/belt/speed", "/belt/spacing", "/belt/jitter", "/belt/fill", "/belt/spread",
                "/belt/max_size",
             "/belt/clutter_spacing", "/belt/barrier_column", "/belt/exposure_ms"],
            Errors(wrong));
    }

    [Fact]
    public void A_smear_longer_than_the_camera_draws_is_an_error_of_the_exposure() =>
        Assert.Equal(["/belt/exposure_ms"], Errors(new() { Speed = 10_000, ExposureMs = 10 }));

    [Fact]
    public void A_world_is_not_made_of_wrong_options()
    {
        var e = Assert.Throws<ArgumentException>(() => new BeltWorld(new() { Speed = 0, Fill = 3 }, default(MonotonicTime)));
        Assert.Contains("/speed", e.Message, StringComparison.Ordinal);
        Assert.Contains("/fill", e.Message, StringComparison.Ordinal);
    }

    private static List<string> Errors(BeltWorldOptions options)
    {
        var errors = new List<string>();
        options.Validate("/belt", (pointer, _) => errors.Add(pointer));
        return errors;
    }
}
