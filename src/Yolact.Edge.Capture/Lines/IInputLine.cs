namespace Yolact.Edge.Capture.Lines;

/// <summary>An input line whose edges are stamped where they happen: a GPIO line, or the belt's light barrier.</summary>
public interface IInputLine : IDisposable
{
    /// <summary>The line's name in the configuration.</summary>
    string Name { get; }

    /// <summary>The line's level now; true is active.</summary>
    bool IsActive { get; }

    /// <summary>
    /// Told of every raw edge, in order, one at a time, without debouncing; on the reader's thread: handlers must not block. What a handler
    /// throws is caught and counted; later events still come.
    /// </summary>
    event Action<LineEvent>? Changed;
}
