using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Triggers;

namespace Yolact.Edge.Capture.Tests.Cameras;

public class CameraOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(Errors(new()));

    [Fact]
    public void Every_error_is_reported_with_its_pointer()
    {
        var camera = new CameraOptions
        {
            Name = "Cam 0",
            Kind = CameraKind.Rtsp,
            Source = "http://plant/camera",
            Width = 8,
            Fps = double.NaN,
            Rotation = 45,
            RegionOfInterest = new(-1, 0, 100, 100),
            Controls = new() { ExposureMs = 0, Gain = -1 },
            Trigger = new() { Mode = TriggerMode.Edge, DelayMs = -1, FramesPerEdge = 0 },
            Recovery = new() { StallMs = 1 },
        };
        Assert.Equal(
            ["/cameras/0/controls/exposure_ms", "/cameras/0/controls/gain", "/cameras/0/fps", "/cameras/0/height", "/cameras/0/name",
                "/cameras/0/recovery/stall_ms", "/cameras/0/region_of_interest", "/cameras/0/rotation", "/cameras/0/source",
                "/cameras/0/trigger/delay_ms", "/cameras/0/trigger/frames_per_edge", "/cameras/0/trigger/line", "/cameras/0/width"],
            Errors(camera).Select(e => e.Pointer).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(CameraKind.Folder, null, false)]
    [InlineData(CameraKind.Folder, "/pictures", true)]
    [InlineData(CameraKind.Usb, "", false)]
    [InlineData(CameraKind.Usb, "/dev/video0", true)]
    [InlineData(CameraKind.File, "a\nb", false)]
    [InlineData(CameraKind.Rtsp, "rtsps://camera.local:8554/main", true)]
    [InlineData(CameraKind.Rtsp, "not an address", false)]
    [InlineData(CameraKind.Belt, null, true)]
    [InlineData(CameraKind.Csi, null, true)]
    public void A_kind_that_needs_a_source_asks_for_it(CameraKind kind, string? source, bool valid) =>
        Assert.Equal(valid, Errors(new() { Kind = kind, Source = source }).Count == 0);

    [Theory]
    [InlineData(null, false)]
    [InlineData("videotestsrc ! fakesink", false)]
    [InlineData("videotestsrc ! appsink name=picture", true)]
    public void A_custom_pipeline_has_to_end_in_our_sink(string? pipeline, bool valid) =>
        Assert.Equal(valid, Errors(new() { Kind = CameraKind.Custom, Pipeline = pipeline }).Count == 0);

    private static List<(string Pointer, string Message)> Errors(CameraOptions camera)
    {
        var errors = new List<(string, string)>();
        CameraOptionsValidator.Validate(camera, "/cameras/0", (pointer, message) => errors.Add((pointer, message)));
        return errors;
    }
}
