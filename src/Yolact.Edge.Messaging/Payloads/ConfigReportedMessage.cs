namespace Yolact.Edge.Messaging.Payloads;

/// <summary>What became of a desired configuration.</summary>
public enum ConfigState
{
    /// <summary>It runs.</summary>
    Applied,

    /// <summary>It is not valid; what ran before still runs.</summary>
    Rejected,

    /// <summary>It runs on trial.</summary>
    Probation,

    /// <summary>Its trial failed; what ran before runs again.</summary>
    RolledBack,

    /// <summary>Part of it waits for a restart.</summary>
    RestartRequired,
}

/// <summary>The retained report on the configuration.</summary>
/// <param name="Id">Message id.</param>
/// <param name="Source">Topic root.</param>
/// <param name="Time">When it was said.</param>
/// <param name="DesiredVersion">The version asked for; null when nobody did.</param>
/// <param name="AppliedVersion">The version that runs; null in safe mode.</param>
/// <param name="LastGoodVersion">The version that a failure falls back to; null when there is none.</param>
/// <param name="State">What became of the desired one.</param>
/// <param name="Code">200 applied, 400 not valid, 409 stale version, 412 needs a restart, 417 failed its trial, 500 could not be applied.</param>
/// <param name="Errors">Everything that is wrong.</param>
public sealed record ConfigReportedMessage(
    string Id,
    string Source,
    MessageTime Time,
    string? DesiredVersion,
    string? AppliedVersion,
    string? LastGoodVersion,
    ConfigState State,
    int Code,
    IReadOnlyList<ConfigError> Errors);

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) to it.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ConfigError(string Pointer, string Message);
