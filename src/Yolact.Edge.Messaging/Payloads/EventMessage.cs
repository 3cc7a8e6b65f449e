namespace Yolact.Edge.Messaging.Payloads;

/// <summary>What can happen to a device.</summary>
public enum DeviceEvent
{
    /// <summary>An edge or frame came while every place was taken.</summary>
    Overrun,

    /// <summary>No frame answered an edge in time.</summary>
    UnansweredEdge,

    /// <summary>The line's driver lost edges.</summary>
    EdgesMissed,

    /// <summary>A result came too late for its pulse; the fail-safe was driven.</summary>
    OutputLate,

    /// <summary>The camera delivers no frames.</summary>
    CameraStalled,

    /// <summary>It does again.</summary>
    CameraRecovered,

    /// <summary>The camera's source came to its end.</summary>
    CameraEnded,

    /// <summary>The network could not process a frame.</summary>
    InferenceFailed,

    /// <summary>Promised messages are lost: the outbox was full, they were too old, or its file was damaged.</summary>
    MessagesDropped,

    /// <summary>The broker refused messages for good.</summary>
    MessagesRefused,

    /// <summary>The outbox's disk takes no messages: they wait in memory.</summary>
    OutboxFailed,

    /// <summary>It does again.</summary>
    OutboxRecovered,

    /// <summary>A configuration was applied.</summary>
    ConfigApplied,

    /// <summary>A configuration was refused.</summary>
    ConfigRejected,

    /// <summary>A configuration was tried and taken back.</summary>
    ConfigRolledBack,

    /// <summary>Another model runs now.</summary>
    ModelSwapped,

    /// <summary>The run before this one crashed, hung or was killed.</summary>
    RunFailed,
}

/// <summary>How much an event matters.</summary>
public enum EventSeverity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Something was lost or is about to be.</summary>
    Warning,

    /// <summary>The device does not do its job.</summary>
    Error,
}

/// <summary>Something that happened once.</summary>
/// <param name="Id">Message id.</param>
/// <param name="Source">Topic root.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Event">What happened.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Camera">The camera it is about; null for none.</param>
/// <param name="EdgeId">The edge it is about; null for none.</param>
/// <param name="Line">The line it is about; null for none.</param>
/// <param name="Count">How many were lost; null where nothing is counted.</param>
public sealed record EventMessage(
    string Id,
    string Source,
    MessageTime Time,
    DeviceEvent Event,
    EventSeverity Severity,
    string Message,
    string? Camera = null,
    long? EdgeId = null,
    string? Line = null,
    long? Count = null);
