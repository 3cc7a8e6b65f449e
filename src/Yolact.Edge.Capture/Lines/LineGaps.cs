namespace Yolact.Edge.Capture.Lines;

/// <summary>Notices events of a line that its driver lost: their numbers are missing. Subscribe it to <see cref="IInputLine.Changed"/>.</summary>
/// <param name="missed">Receives how many were lost in a row.</param>
public sealed class LineGaps(Action<long> missed)
{
    private long? _last;

    /// <summary>Takes an event.</summary>
    /// <param name="line">The line's next event.</param>
    public void OnLine(LineEvent line)
    {
        if (_last is { } last && line.Sequence > last + 1)
            missed(line.Sequence - last - 1);
        _last = line.Sequence;
    }
}
