using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.GStreamer;

namespace Yolact.Edge.Capture.Tests.GStreamer;

public sealed class TimingTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sysfs").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    // Values of the kind an Orin gives: TSC 29 s ahead of CLOCK_MONOTONIC_RAW, which lags CLOCK_MONOTONIC by 3 ms after an hour.
    private const long TscOffset = 29_138_702_752;
    private const long Monotonic = 3_600_003_000_000;
    private const long Raw = 3_600_000_000_000;

    [Fact]
    public void A_sensor_time_on_the_tsc_becomes_monotonic()
    {
        var clock = new ArgusClock(TscOffset);
        long taken = Monotonic - 45_000_000;
        Assert.Equal(taken, clock.Convert(Raw - 45_000_000 + TscOffset, Monotonic, Raw)!.Value.Nanoseconds);
    }

    [Fact]
    public void A_release_that_converts_by_itself_is_recognised_and_remembered()
    {
        var clock = new ArgusClock(TscOffset);
        Assert.Equal(Monotonic - 10, clock.Convert(Monotonic - 10, Monotonic, Raw)!.Value.Nanoseconds);
        Assert.Null(clock.Convert(Raw - 10 + TscOffset, Monotonic, Raw));
    }

    [Fact]
    public void A_time_that_makes_no_sense_is_none()
    {
        Assert.Null(new ArgusClock(TscOffset).Convert(5, Monotonic, Raw));
        Assert.Null(new ArgusClock(null).Convert(Raw - 10 + TscOffset, Monotonic, Raw));
        Assert.Equal(Monotonic - 10, new ArgusClock(null).Convert(Monotonic - 10, Monotonic, Raw)!.Value.Nanoseconds);
    }

    [Theory]
    [InlineData("29138702752\n", true)]
    [InlineData("nonsense", false)]
    [InlineData(null, false)]
    public void The_offset_is_read_from_sysfs(string? content, bool known)
    {
        string path = Path.Combine(_root, ArgusClock.OffsetPath[1..]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (content is not null)
            File.WriteAllText(path, content);
        Assert.Equal(known, ArgusClock.OfMachine(_root).Convert(Raw - 10 + TscOffset, Monotonic, Raw) is not null);
    }

    [Fact]
    public void The_raw_clock_can_be_read() => Assert.True(ArgusClock.RawNow() > 0);

    [Fact]
    public void Uvc_stamps_the_start_of_exposure_other_drivers_the_end_of_the_frame()
    {
        foreach ((string device, string driver) in new[] { ("video0", "uvcvideo"), ("video1", "tegra-video") })
        {
            string target = Path.Combine(_root, "drivers", driver);
            string folder = Path.Combine(_root, "class/video4linux", device, "device");
            Directory.CreateDirectory(target);
            Directory.CreateDirectory(folder);
            Directory.CreateSymbolicLink(Path.Combine(folder, "driver"), target);
        }
        Assert.Equal(FrameTimeMeaning.ExposureStart, Timing("/dev/video0"));
        Assert.Equal(FrameTimeMeaning.ReadoutEnd, Timing("/dev/video1"));
        Assert.Equal(FrameTimeMeaning.ReadoutEnd, Timing("/dev/video2"));

        FrameTimeMeaning Timing(string device) =>
            new PictureTime(new() { Kind = CameraKind.Usb, Source = device }, TimeProvider.System, sysfs: _root).Timing.Meaning;
    }

    [Fact]
    public void A_csi_frame_has_the_sensors_time_or_says_that_it_has_not()
    {
        var clock = new VirtualClock();
        clock.GoTo(Monotonic);
        var time = new PictureTime(new() { Kind = CameraKind.Csi, Controls = new() { ExposureMs = 4 } }, clock, new ArgusClock(null));
        FrameTime known = time.Of(0, 0, Monotonic - 45_000_000);
        Assert.Equal((Monotonic - 45_000_000, FrameTimeMeaning.ReadoutStart), (known.Time.Nanoseconds, known.Meaning));
        Assert.Equal(Monotonic - 49_000_000, known.ExposureStart.Nanoseconds);
        FrameTime unknown = time.Of(0, 0, null);
        Assert.Equal((Monotonic, FrameTimeMeaning.Arrival), (unknown.Time.Nanoseconds, unknown.Meaning));
    }

    [Fact]
    public void No_frame_is_taken_in_the_future()
    {
        var clock = new VirtualClock();
        clock.GoTo(1000);
        var time = new PictureTime(new() { Kind = CameraKind.Usb, Source = "/dev/video0" }, clock, sysfs: _root);
        Assert.Equal(900, time.Of(100, 800, null).Time.Nanoseconds);
        Assert.Equal(1000, time.Of(400, 800, null).Time.Nanoseconds);
    }

    [Fact]
    public void The_ledger_finds_a_picture_by_its_time_and_its_numbers_rise_whatever_the_source_says()
    {
        var ledger = new FrameLedger();
        ledger.Taken(10, 7, 100);
        ledger.Taken(20, null, null);
        ledger.Taken(30, 3, null);
        ledger.Taken(40, 12, 400);
        Assert.Equal((7L, (long?)100), ledger.Find(10));
        Assert.Equal([8L, 9, 12], new ulong[] { 20, 30, 40 }.Select(p => ledger.Find(p)!.Value.Sequence));
        Assert.Null(ledger.Find(11));
        for (ulong i = 0; i < 64; i++)
            ledger.Taken(100 + i, null, null);
        Assert.Null(ledger.Find(40));
    }
}
