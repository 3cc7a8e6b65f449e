namespace Yolact.Edge.Messaging.Commands;

/// <summary>What became of a command: a number in its response.</summary>
public enum CommandCode
{
    /// <summary>Done.</summary>
    Done = 200,

    /// <summary>It will be done right after this response.</summary>
    Accepted = 202,

    /// <summary>The request's body is wrong; the message says what would be right.</summary>
    BadRequest = 400,

    /// <summary>There is no such command.</summary>
    Unknown = 404,

    /// <summary>The command does not fit what the device is doing.</summary>
    Conflict = 409,

    /// <summary>The request is too large.</summary>
    TooLarge = 413,

    /// <summary>Too many requests: try again later.</summary>
    TooMany = 429,

    /// <summary>It failed; the message says at what.</summary>
    Failed = 500,

    /// <summary>This device cannot do that.</summary>
    NotAvailable = 501,

    /// <summary>Not now: the network is being loaded, or the camera is off. Try again later.</summary>
    NotReady = 503,

    /// <summary>It was not done in time.</summary>
    TookTooLong = 504,
}
