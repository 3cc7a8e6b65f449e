using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Messaging.Outbox;

/// <summary>A promised message and its place in the order.</summary>
/// <param name="Sequence">Rises by one a message, across restarts too.</param>
/// <param name="Message">The message; its payload is owned by whoever holds this.</param>
internal readonly record struct Promise(long Sequence, OutgoingMessage Message);
