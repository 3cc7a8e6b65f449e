namespace Yolact.Edge.Messaging.Payloads;

/// <summary>What state a device is in.</summary>
public enum DeviceState
{
    /// <summary>The program starts.</summary>
    Init,

    /// <summary>An engine is being built or loaded.</summary>
    Preparing,

    /// <summary>Frames are inferred.</summary>
    Ready,

    /// <summary>It runs, but not as it should: see the reasons.</summary>
    Degraded,

    /// <summary>No valid configuration: reachable and steerable, camera off.</summary>
    SafeMode,

    /// <summary>Stopped on purpose.</summary>
    Disconnected,

    /// <summary>The connection broke: said by the broker in the device's name.</summary>
    Lost,
}

/// <summary>The retained state of a device.</summary>
/// <param name="Id">Message id.</param>
/// <param name="Source">Topic root.</param>
/// <param name="Time">When it was said; of a last will, when the connection was made.</param>
/// <param name="State">The state.</param>
/// <param name="Reasons">Why it is not <see cref="DeviceState.Ready"/>, each a sentence; empty when it is.</param>
/// <param name="Versions">Of the program, its runtime, the inference runtime, the model.</param>
/// <param name="Run">This run of the program.</param>
/// <param name="Connection">Number of the connection within the run: a last will and the birth of one connection share it.</param>
/// <param name="Commands">Whether the device takes commands over this connection: not on MQTT 3.1.1, nor where they are switched off.</param>
public sealed record StatusMessage(
    string Id,
    string Source,
    MessageTime Time,
    DeviceState State,
    IReadOnlyList<string> Reasons,
    IReadOnlyDictionary<string, string> Versions,
    string Run,
    long Connection,
    bool Commands);
