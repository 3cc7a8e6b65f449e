using Yolact.Edge.Capture.Cameras;

namespace Yolact.Edge.Capture.Recovery;

/// <summary>Which step to take for a camera that stalled: the mildest that is not used up. Pure; for one thread.</summary>
/// <param name="options">How often each step may be taken.</param>
/// <param name="hasService">A service can be restarted for this camera.</param>
internal sealed class RecoveryLadder(RecoveryOptions options, bool hasService)
{
    private int _rebuilds;
    private int _restarts;
    private int _rebuildsSinceRestart;

    /// <summary>The next step, and how often it was taken for this stall, this time included.</summary>
    public (RecoveryRung Rung, int Attempt) Next()
    {
        if (_rebuildsSinceRestart < options.Rebuilds)
        {
            _rebuildsSinceRestart++;
            return (RecoveryRung.Rebuild, ++_rebuilds);
        }
        if (hasService && _restarts < options.ServiceRestarts)
        {
            // A restarted service deserves the full number of tries again.
            _rebuildsSinceRestart = 0;
            return (RecoveryRung.RestartService, ++_restarts);
        }
        return (RecoveryRung.HandOver, 1);
    }

    /// <summary>Frames flowed long enough: a later stall begins at the mildest step.</summary>
    public void Reset() => (_rebuilds, _restarts, _rebuildsSinceRestart) = (0, 0, 0);
}
