using System.Threading.Channels;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Vision.Drawing;

namespace Yolact.Edge.Page;

/// <summary>
/// Pictures with masks drawn in, for whoever looks at the page. Where nobody looks, nothing is drawn; a slow viewer skips pictures.
/// </summary>
/// <param name="fps">Pictures a second at most.</param>
/// <param name="clock">Measures.</param>
public sealed class LivePictures(int fps, TimeProvider clock) : IFrameViewer
{
    private const int JpegQuality = 80;

    private readonly Lock _lock = new();
    private readonly List<Channel<byte[]>> _viewers = [];
    private long _shown;

    /// <summary>How many look.</summary>
    public int Viewers
    {
        get
        {
            lock (_lock)
                return _viewers.Count;
        }
    }

    /// <inheritdoc/>
    public void Show(in FrameResult result)
    {
        long now = clock.GetTimestamp();
        if (Viewers == 0 || result.Picture is not { } picture || (_shown != 0 && clock.GetElapsedTime(_shown, now) < TimeSpan.FromSeconds(1.0 / fps)))
            return;
        _shown = now;
        using var drawn = Overlay.Draw(picture, result.Detections.Items, result.Recipe.Labels);
        byte[] jpeg = drawn.Encode(OverlayFormat.Jpeg, JpegQuality);
        lock (_lock)
        {
            foreach (Channel<byte[]> viewer in _viewers)
                viewer.Writer.TryWrite(jpeg);
        }
    }

    /// <summary>The pictures as JPEG files, until cancelled.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<byte[]> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
            _viewers.Add(channel);
        try
        {
            await foreach (byte[] jpeg in channel.Reader.ReadAllAsync(cancellation))
                yield return jpeg;
        }
        finally
        {
            lock (_lock)
                _viewers.Remove(channel);
        }
    }
}
