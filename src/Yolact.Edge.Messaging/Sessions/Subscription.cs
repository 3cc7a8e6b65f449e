namespace Yolact.Edge.Messaging.Sessions;

/// <summary>
/// What a session listens to. Its messages are handled one at a time, in the order of their arrival, on the thread pool and not on the
/// connection's way: a slow handler delays its own subscription alone. An exception of a handler is logged and hurts nobody else.
/// </summary>
/// <param name="Filter">A topic filter; <c>+</c> and <c>#</c> are allowed.</param>
/// <param name="MaxBytes">The largest payload that is handled, in bytes, at least 1; a larger one is refused, logged and counted.</param>
/// <param name="Handle">Handles a message. Cancelled when the session is disposed.</param>
public sealed record Subscription(string Filter, int MaxBytes, Func<IncomingMessage, CancellationToken, Task> Handle)
{
    /// <summary>Messages that may wait for the handler, 1..1024, default 16; the oldest makes room, is logged and counted.</summary>
    public int Capacity { get; init; } = 16;

    /// <summary>
    /// Is told of each message that was refused for its size, which is given in bytes; the message comes without its payload. Must be
    /// quick. Null (the default) for nobody.
    /// </summary>
    public Action<IncomingMessage, long>? TooLarge { get; init; }
}
