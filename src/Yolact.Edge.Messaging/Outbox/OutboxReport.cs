namespace Yolact.Edge.Messaging.Outbox;

/// <summary>What an outbox has to tell.</summary>
public enum OutboxReportKind
{
    /// <summary>Messages made room for later ones.</summary>
    Dropped,

    /// <summary>Messages were too old.</summary>
    Expired,

    /// <summary>A file was damaged, or a write in it cut short; what is intact in it is sent.</summary>
    Damaged,

    /// <summary>The broker, or a limit of it, refused messages for good.</summary>
    Refused,

    /// <summary>The disk takes no messages: they wait in memory and would not survive the process.</summary>
    DiskFailed,

    /// <summary>The disk takes them again, those from memory too.</summary>
    DiskRecovered,
}

/// <summary>Something that happened to promised messages.</summary>
/// <param name="Kind">What.</param>
/// <param name="Count">Messages that are lost; 0 where none is known to be.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Topic">The topic of the last message that was refused; null for the rest.</param>
public sealed record OutboxReport(OutboxReportKind Kind, long Count, string Message, string? Topic = null);
