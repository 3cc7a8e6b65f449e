using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Configuration.Remote;

/// <summary>What became of the desired configuration.</summary>
/// <param name="Desired">The version asked for; null where nobody asked, or it has none that can be read.</param>
/// <param name="Applied">The version that runs; null in safe mode.</param>
/// <param name="LastGood">The version that a failure falls back to; null in safe mode.</param>
/// <param name="State">What became of it.</param>
/// <param name="Code">A <see cref="ReportCode"/>.</param>
/// <param name="Errors">Everything that is wrong, or waits for a restart.</param>
public sealed record ConfigurationReport(
    string? Desired, string? Applied, string? LastGood, ConfigState State, int Code, IReadOnlyList<ConfigurationError> Errors);

/// <summary>What became of a configuration, as HTTP would put it.</summary>
public static class ReportCode
{
    /// <summary>It runs, or runs on trial.</summary>
    public const int Ok = 200;

    /// <summary>It is not valid.</summary>
    public const int Invalid = 400;

    /// <summary>It is not newer than what was taken last.</summary>
    public const int Stale = 409;

    /// <summary>Part of it waits for a restart.</summary>
    public const int RestartRequired = 412;

    /// <summary>Its trial failed.</summary>
    public const int TrialFailed = 417;

    /// <summary>It could not be applied or stored.</summary>
    public const int Failed = 500;
}
