namespace Yolact.Edge.Messaging.Outbox;

/// <summary>How long a disk that failed is left alone: a second at first, twice as long each time, half a minute at most.</summary>
/// <param name="clock">Measures.</param>
internal sealed class RetryPause(TimeProvider clock)
{
    private const int LongestS = 30;

    private int _seconds;
    private long _begun;

    public bool IsOver => clock.GetElapsedTime(_begun) >= TimeSpan.FromSeconds(_seconds);

    public void Begin() => (_begun, _seconds) = (clock.GetTimestamp(), Math.Clamp(_seconds * 2, 1, LongestS));

    public void Reset() => _seconds = 0;
}
