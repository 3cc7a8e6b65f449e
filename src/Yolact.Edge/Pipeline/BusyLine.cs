using Yolact.Edge.Capture.Outputs;

namespace Yolact.Edge.Pipeline;

/// <summary>Holds a line active while frames are being worked on. Safe for use from several threads.</summary>
/// <param name="outputs">The lines' schedule.</param>
/// <param name="line">The line's name; null for none.</param>
public sealed class BusyLine(OutputScheduler outputs, string? line)
{
    private readonly Lock _lock = new();
    private int _frames;

    /// <summary>Frames that are being worked on.</summary>
    public int Frames
    {
        get
        {
            lock (_lock)
                return _frames;
        }
    }

    /// <summary>A frame was accepted.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            if (++_frames == 1 && line is not null)
                outputs.Set(line, true);
        }
    }

    /// <summary>A frame is done, one way or another.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (--_frames == 0 && line is not null)
                outputs.Set(line, false);
        }
    }
}
