namespace Yolact.Edge.Capture.Lines;

/// <summary>An output line: a GPIO line, or one of the belt's.</summary>
public interface IOutputLine : IDisposable
{
    /// <summary>The line's name in the configuration.</summary>
    string Name { get; }

    /// <summary>Sets the level now; true is active. Takes microseconds and never waits for anything but the chip.</summary>
    /// <param name="active">The logical level.</param>
    /// <exception cref="IOException">The chip refused.</exception>
    void Set(bool active);
}
