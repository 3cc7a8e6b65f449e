namespace Yolact.Edge.Messaging.Commands;

/// <summary>What a device can be asked for: last level of the topic <c>yolact/1/{device}/command/{name}</c>.</summary>
public static class CommandNames
{
    /// <summary>Takes a picture now.</summary>
    public const string Capture = "capture";

    /// <summary>Shows what the camera sees.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>Loads the model's files anew.</summary>
    public const string ReloadModel = "reload-model";

    /// <summary>Goes back to the configuration before.</summary>
    public const string RollbackConfig = "rollback-config";

    /// <summary>Tells how the device fares.</summary>
    public const string Diagnostics = "diagnostics";

    /// <summary>Starts the program anew.</summary>
    public const string Restart = "restart";

    /// <summary>Logs more, or less, for a while.</summary>
    public const string SetLogLevel = "set-log-level";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Capture, Snapshot, ReloadModel, RollbackConfig, Diagnostics, Restart, SetLogLevel];
}
