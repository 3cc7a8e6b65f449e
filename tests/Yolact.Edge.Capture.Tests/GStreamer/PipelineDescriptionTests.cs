using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.GStreamer;

namespace Yolact.Edge.Capture.Tests.GStreamer;

public class PipelineDescriptionTests
{
    private const string Queue = "queue max-size-buffers=1 max-size-bytes=0 max-size-time=0 leaky=downstream";
    private const string Sink = "max-buffers=1 drop=true sync=false qos=false";

    [Fact]
    public void Csi_scales_with_linear_interpolation_and_keeps_the_full_picture_beside() =>
        Assert.Equal(
            "nvarguscamerasrc name=source sensor-id=1 sensor-mode=2 exposuretimerange=\"5000000 5000000\" gainrange=\"2.5 2.5\""
            + " ! video/x-raw(memory:NVMM),format=NV12,width=1920,height=1080,framerate=30/1 ! identity name=taken silent=true"
            + $" ! tee name=both both. ! {Queue} ! nvvidconv interpolation-method=1 ! video/x-raw,format=BGRx,width=550,height=550 ! appsink name=picture {Sink}"
            + $" both. ! {Queue} ! nvvidconv ! video/x-raw,format=NV12 ! appsink name=full {Sink}",
            PipelineDescription.Of(new()
            {
                Kind = CameraKind.Csi,
                SensorId = 1,
                SensorMode = 2,
                Width = 1920,
                Height = 1080,
                Fps = 30,
                Controls = new() { ExposureMs = 5, Gain = 2.5 },
            }, (550, 550)));

    [Fact]
    public void Csi_without_the_full_picture_has_one_branch() =>
        Assert.Equal(
            "nvarguscamerasrc name=source sensor-id=0 ! video/x-raw(memory:NVMM),format=NV12 ! identity name=taken silent=true"
            + $" ! {Queue} ! nvvidconv interpolation-method=1 ! video/x-raw,format=BGRx,width=256,height=256 ! appsink name=picture {Sink}",
            PipelineDescription.Of(new() { Kind = CameraKind.Csi, FullPicture = false }, (256, 256)));

    [Theory]
    [InlineData(0, "")]
    [InlineData(90, " flip-method=3")]
    [InlineData(180, " flip-method=2")]
    [InlineData(270, " flip-method=1")]
    public void Csi_cuts_out_and_turns_what_the_network_sees_and_leaves_the_full_picture_whole(int rotation, string turned) =>
        Assert.Equal(
            "nvarguscamerasrc name=source sensor-id=0 ! video/x-raw(memory:NVMM),format=NV12 ! identity name=taken silent=true"
            + $" ! tee name=both both. ! {Queue} ! nvvidconv interpolation-method=1 left=100 right=740 top=50 bottom=530{turned}"
            + $" ! video/x-raw,format=BGRx,width=256,height=256 ! appsink name=picture {Sink}"
            + $" both. ! {Queue} ! nvvidconv ! video/x-raw,format=NV12 ! appsink name=full {Sink}",
            PipelineDescription.Of(new() { Kind = CameraKind.Csi, RegionOfInterest = new(100, 50, 640, 480), Rotation = rotation }, (256, 256)));

    [Fact]
    public void Usb_takes_raw_pictures_or_jpeg() =>
        Assert.Equal(
            "v4l2src name=source device=\"/dev/video0\" extra-controls=\"c,auto_exposure=1,exposure_time_absolute=100,gain=4\""
            + " ! capsfilter caps=\"video/x-raw,width=640,height=480,framerate=30000/1001; image/jpeg,width=640,height=480,framerate=30000/1001\""
            + $" ! identity name=taken silent=true ! {Queue} ! decodebin ! videoconvert ! video/x-raw,format={PipelineDescription.Formats}"
            + $" ! appsink name=picture {Sink}",
            PipelineDescription.Of(new()
            {
                Kind = CameraKind.Usb,
                Source = "/dev/video0",
                Width = 640,
                Height = 480,
                Fps = 29.97,
                Controls = new() { ExposureMs = 10, Gain = 4 },
            }));

    [Fact]
    public void Rtsp_is_leaky_and_a_file_is_not()
    {
        Assert.Equal(
            "rtspsrc name=source location=\"rtsp://host/a?b=c&d\" latency=200 drop-on-latency=true ! application/x-rtp,media=video ! decodebin"
            + $" ! video/x-raw ! identity name=taken silent=true ! {Queue} ! videoconvert ! video/x-raw,format={PipelineDescription.Formats}"
            + $" ! appsink name=picture {Sink}",
            PipelineDescription.Of(new() { Kind = CameraKind.Rtsp, Source = "rtsp://host/a?b=c&d" }));
        Assert.Equal(
            "filesrc name=source location=\"/v/a.mkv\" ! decodebin ! video/x-raw ! identity name=taken silent=true"
            + $" ! videoconvert ! videoscale method=bilinear ! video/x-raw,format={PipelineDescription.Formats},width=320,height=240"
            + " ! appsink name=picture max-buffers=2 drop=false sync=false qos=false",
            PipelineDescription.Of(new() { Kind = CameraKind.File, Source = "/v/a.mkv", Width = 320, Height = 240 }));
    }

    [Fact]
    public void On_a_jetson_decoded_pictures_leave_device_memory_through_nvvidconv() =>
        Assert.Equal(
            "filesrc name=source location=\"/v/a.mp4\" ! decodebin ! video/x-raw(ANY) ! identity name=taken silent=true"
            + " ! nvvidconv interpolation-method=1 ! video/x-raw,format=BGRx ! appsink name=picture max-buffers=2 drop=false sync=false qos=false",
            PipelineDescription.Of(new() { Kind = CameraKind.File, Source = "/v/a.mp4" }, jetson: true));

    [Theory]
    [InlineData(30.0, "30/1")]
    [InlineData(59.94, "60000/1001")]
    [InlineData(12.5, "12500/1000")]
    [InlineData(0.1, "100/1000")]
    public void Rates_are_fractions(double rate, string expected) => Assert.Equal(expected, PipelineDescription.Fraction(rate));

    [Fact]
    public void A_value_with_control_characters_is_refused() => Assert.Throws<ArgumentException>(() => PipelineDescription.Quote("a\nb"));

    [Fact]
    public void Whatever_a_source_is_called_gstreamer_reads_that_and_nothing_more()
    {
        Native.Need("filesrc");
        foreach (string found in (string[])["\"/|z)b\"", "\"", "\"\""])
            Assert.Equal(found, Native.Location(PipelineDescription.Of(new() { Kind = CameraKind.File, Source = found })));
        Gen.Char["abz0/.-_ !\"'\\=();,[]{}&?%#$`~|<>*:+äß"].Array[1, 30].Select(c => new string(c)).Sample(text =>
        {
            string description = PipelineDescription.Of(new() { Kind = CameraKind.File, Source = text });
            Assert.Equal(text, Native.Location(description));
        }, iter: 200, threads: 1);
    }
}
