using System.Text;
using System.Text.Json;
using Yolact.Edge.Imaging;
using Yolact.Edge.Pipeline.Evidence;
using Yolact.Edge.Vision.Drawing;
using Yolact.Edge.Vision.Pictures;

namespace Yolact.Edge.Tests.Hosting;

public sealed class EvidenceTests(TinyModel model) : IClassFixture<TinyModel>
{
    [Fact]
    public async Task Pictures_are_published_where_that_is_asked_for_and_name_their_message()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ApplianceProcess appliance = ApplianceProcess.Run([.. model.Settings, "device=evidence", "evidence/frames=all", "evidence/interval_ms=0"]);
        await using Subscriber subscriber = await Subscriber.ToAsync(appliance, "evidence", cancellation);
        await subscriber.UntilAsync(all => Pictures(all).Length >= 3, cancellation);
        HashSet<string> messages = [.. subscriber.Detections.Select(message => message.GetProperty("id").GetString()!)];
        foreach (byte[] picture in Pictures(subscriber).Skip(1)) // the first may belong to a message from before the subscription
        {
            JsonElement comment = CommentOf(picture);
            Assert.Contains(comment.GetProperty("detections").GetString()!, messages);
            Assert.Equal("cam0", comment.GetProperty("camera").GetString());
            AssertPicture(picture, 640, 480);
        }
    }

    [Fact]
    public async Task Without_asking_there_are_none()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ApplianceProcess appliance = ApplianceProcess.Run([.. model.Settings, "device=quiet"]);
        await using Subscriber subscriber = await Subscriber.ToAsync(appliance, "quiet", cancellation);
        await subscriber.UntilAsync(all => all.Detections.Count >= 10, cancellation);
        Assert.Empty(Pictures(subscriber));
    }

    [Fact]
    public void A_picture_keeps_its_cap_by_quality_or_is_left_out()
    {
        Overlay noise = Noise(320, 240);
        byte[] whole = EvidencePicture.Encode(noise, 95, "{}", int.MaxValue)!;
        byte[] least = EvidencePicture.Encode(noise, EvidencePicture.LeastQuality, "{}", int.MaxValue)!;
        int between = (whole.Length + least.Length) / 2;
        byte[] capped = EvidencePicture.Encode(noise, 95, "{}", between)!;
        Assert.InRange(capped.Length, least.Length, between);
        AssertPicture(capped, 320, 240);
        Assert.Equal(least.Length, EvidencePicture.Encode(noise, 95, "{}", least.Length)!.Length);
        Assert.Null(EvidencePicture.Encode(noise, 95, "{}", least.Length - 1));
    }

    private static Overlay Noise(int width, int height)
    {
        Frame frame = new FramePool().Rent(FrameLayout.Packed(width, height, PixelFormat.Rgb24));
        new Random(1).NextBytes(frame.Pixels);
        return Overlay.Draw(frame, [], []);
    }

    private static byte[][] Pictures(Subscriber subscriber) =>
        [.. subscriber.All.Where(message => message.Topic == "camera/cam0/evidence").Select(message => message.Payload.ToArray())];

    // Right behind the start of image (FF D8): marker FF FE, length, text.
    private static JsonElement CommentOf(byte[] jpeg)
    {
        Assert.Equal([0xFF, 0xD8, 0xFF, 0xFE], jpeg.AsSpan(0, 4).ToArray());
        int length = ((jpeg[4] << 8) | jpeg[5]) - 2;
        return JsonDocument.Parse(Encoding.ASCII.GetString(jpeg, 6, length)).RootElement;
    }

    private static void AssertPicture(byte[] jpeg, int width, int height)
    {
        using Frame frame = PictureFile.Decode(jpeg, "evidence.jpg", new FramePool());
        Assert.Equal((width, height), (frame.Width, frame.Height));
    }
}
