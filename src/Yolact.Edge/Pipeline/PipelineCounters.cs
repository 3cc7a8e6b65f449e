namespace Yolact.Edge.Pipeline;

/// <summary>What happened since the program started, counted from several threads.</summary>
public sealed class PipelineCounters
{
    private long _captured;
    private long _inferred;
    private long _published;
    private long _dropped;
    private long _edges;
    private long _overruns;
    private long _unanswered;
    private long _lateOutputs;
    private long _failed;
    private long _evidenceLeftOut;

    /// <summary>Frames that the camera delivered.</summary>
    public long Captured => Interlocked.Read(ref _captured);

    /// <summary>Frames that went through the network.</summary>
    public long Inferred => Interlocked.Read(ref _inferred);

    /// <summary>Detections messages handed to the connection.</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>Free-running frames that a later one replaced.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Trigger edges that were answered or reported.</summary>
    public long Edges => Interlocked.Read(ref _edges);

    /// <summary>Edges or triggered frames that found every place taken.</summary>
    public long Overruns => Interlocked.Read(ref _overruns);

    /// <summary>Edges that no frame answered.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>Results that came after their deadline.</summary>
    public long LateOutputs => Interlocked.Read(ref _lateOutputs);

    /// <summary>Frames that a stage could not process.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Evidence pictures that were too large at every quality.</summary>
    public long EvidenceLeftOut => Interlocked.Read(ref _evidenceLeftOut);

    internal void CountCaptured() => Interlocked.Increment(ref _captured);

    internal void CountInferred() => Interlocked.Increment(ref _inferred);

    internal void CountPublished() => Interlocked.Increment(ref _published);

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    internal void CountEdge() => Interlocked.Increment(ref _edges);

    internal void CountOverrun() => Interlocked.Increment(ref _overruns);

    internal void CountUnanswered() => Interlocked.Increment(ref _unanswered);

    internal void CountLateOutput() => Interlocked.Increment(ref _lateOutputs);

    internal void CountFailed() => Interlocked.Increment(ref _failed);

    internal void CountEvidenceLeftOut() => Interlocked.Increment(ref _evidenceLeftOut);
}
