using System.Text.Json.Nodes;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Configuration.Remote;

/// <summary>
/// What a start of the program begins with: built-in defaults, the local file, the environment, and the last good remote document over
/// them. A document that was found on trial has failed; one that waited for a restart begins its trial now.
/// </summary>
/// <param name="Run">What runs; in safe mode only its connection and page.</param>
/// <param name="Local">What remote documents are laid over.</param>
public sealed record ConfigurationBoot(LoadedConfiguration Run, LoadedConfiguration Local)
{
    /// <summary>Why nothing but the connection runs; null where everything does.</summary>
    public IReadOnlyList<ConfigurationError>? SafeMode { get; init; }

    /// <summary>The document that <see cref="Run"/> is the trial of, where it is one; and what runs if it fails.</summary>
    public (RemoteDocument Document, LoadedConfiguration Fallback)? Trial { get; init; }

    /// <summary>What is said first, where there is something to say.</summary>
    public ConfigurationReport? Report { get; init; }

    /// <summary>True where what runs is the last good remote document's.</summary>
    public bool IsRemote { get; init; }

    /// <summary>Decides what to begin with, and notes it in the journal.</summary>
    /// <param name="local">Local configuration, good or bad.</param>
    /// <param name="journal">The journal.</param>
    /// <exception cref="InvalidConfigurationException">Nothing can run, and no broker is known where that could be said.</exception>
    public static ConfigurationBoot Decide(LocalConfiguration local, RemoteJournal journal)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(journal);
        ConfigurationReport? report = FailLeftovers(journal);
        JournalContent content = journal.Content;
        if (local.Valid is not { } valid)
            return Bad(local, content, report);
        ConfigurationBoot good = LastGood(valid, content);
        if (report is not null)
            good = good with { Report = report with { Applied = good.Run.Options.Version, LastGood = good.Run.Options.Version } };
        if (content.Pending is not { } pending || DesiredDocument.Check(pending.Content, valid) is not { Effective: { } effective })
            return good;
        try
        {
            journal.Save(content with { Pending = null, Trial = pending });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A trial that could not be found again after a crash is none.
            return good with { Report = Say(good, pending.Version, ConfigState.Rejected, ReportCode.Failed, $"the trial cannot be noted on disk: {error.Message}") };
        }
        return good with { Run = effective, Trial = (pending, good.Run) };
    }

    private static ConfigurationBoot LastGood(LoadedConfiguration local, JournalContent content)
    {
        var alone = new ConfigurationBoot(local, local);
        if (content.LastGood is not { } last)
            return alone;
        DesiredDocument check = DesiredDocument.Check(last.Content, local);
        return check.Effective is { } effective
            ? alone with { Run = effective, IsRemote = true }
            : alone with
            {
                Report = new(last.Version, local.Options.Version, local.Options.Version, ConfigState.Rejected, ReportCode.Invalid,
                    [new("", $"the last good document does not go with {local.Source} any more, which runs alone"), .. check.Errors]),
            };
    }

    // A local file that was spoilt after a remote document went well: what was complete then still is.
    private static ConfigurationBoot Bad(LocalConfiguration local, JournalContent content, ConfigurationReport? report)
    {
        if (content is { LastGood: not null, Effective: { } complete })
        {
            LoadedConfiguration effective = ConfigurationLoader.Complete(
                (JsonObject)complete.DeepClone(), "last good document", static (_, _) => { }, out IReadOnlyList<ConfigurationError> errors);
            if (errors.Count == 0)
            {
                return new ConfigurationBoot(effective, effective)
                {
                    IsRemote = true,
                    Report = report ?? new(null, effective.Options.Version, effective.Options.Version, ConfigState.Applied, ReportCode.Ok, local.Errors),
                };
            }
        }
        if (!local.KnowsBroker)
            throw new InvalidConfigurationException(local.Source, local.Errors);
        LoadedConfiguration usable = ConfigurationLoader.Complete(
            (JsonObject)local.Usable.DeepClone(), local.Source, static (_, _) => { }, out _);
        return new ConfigurationBoot(usable, usable)
        {
            SafeMode = local.Errors,
            Report = new(report?.Desired, null, null, ConfigState.Rejected, ReportCode.Invalid, [.. report?.Errors ?? [], .. local.Errors]),
        };
    }

    private static ConfigurationReport? FailLeftovers(RemoteJournal journal)
    {
        JournalContent content = journal.Content;
        if (content.Trial is not { } trial)
            return null;
        IReadOnlyList<ConfigurationError> errors = [new("", "the program ended before the document had proved itself")];
        try
        {
            journal.Save((content with { Trial = null }).With(new(trial.Version, trial.Hash, ReportCode.TrialFailed, errors)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It stays on trial in the journal, and has failed at the next start as well.
        }
        return new(trial.Version, null, null, ConfigState.RolledBack, ReportCode.TrialFailed, errors);
    }

    private static ConfigurationReport Say(ConfigurationBoot boot, string desired, ConfigState state, int code, string message) =>
        new(desired, boot.Run.Options.Version, boot.Run.Options.Version, state, code, [new("", message)]);
}
