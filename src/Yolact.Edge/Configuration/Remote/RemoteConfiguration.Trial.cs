using System.Text.Json.Nodes;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Configuration.Remote;

/// <summary>The trial: noted on disk before anything changes, then applied and proved, or what ran before returns.</summary>
public sealed partial class RemoteConfiguration
{
    private async Task BeginAsync(RemoteDocument document, LoadedConfiguration effective, CancellationToken cancellation)
    {
        ConfigurationPlan plan = PlanTo(effective);
        try
        {
            _journal.Save(Journal with { Trial = document });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Say(ConfigState.Rejected, ReportCode.Failed, [new("", $"it cannot be noted on disk, so that it was not tried: {error.Message}")]);
            return;
        }
        Say(ConfigState.Probation, ReportCode.Ok, []);
        await TryAsync(document, WithRunning(effective, plan), _running, plan, cancellation, effective.Document);
    }

    private async Task TryAsync(RemoteDocument document, LoadedConfiguration next, LoadedConfiguration before, ConfigurationPlan plan,
        CancellationToken cancellation, JsonObject? complete = null)
    {
        IReadOnlyList<ConfigurationError>? safeMode = _safeMode;
        IReadOnlyList<ConfigurationError> errors;
        (int code, bool mayPass) = (ReportCode.TrialFailed, false);
        try
        {
            await _target.ApplyAsync(next, plan, cancellation);
            errors = await _target.ProveAsync(plan, Probation, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped on purpose: the document is no worse for it, and is tried when it comes again.
            TrySave(Journal with { Trial = null, Pending = complete is null ? document : Journal.Pending });
            throw;
        }
        catch (ConfigurationFailedException error)
        {
            (errors, code, mayPass) = (error.Errors, error.Code, error.MayPass);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Log.ApplyFailed(_logger, error, document.Version);
            (errors, code) = ([new("", error.Message)], ReportCode.Failed);
        }
        if (errors.Count == 0 && !TrySave(Committed(document, plan, complete ?? next.Document)))
            (errors, code, mayPass) = ([new("", "it ran well, but cannot be stored on disk")], ReportCode.Failed, true);
        if (errors.Count == 0)
        {
            (_running, _safeMode) = (next, null);
            if (plan.Restart.Count > 0)
                SayRestart(plan);
            else
                Say(ConfigState.Applied, ReportCode.Ok, []);
            return;
        }
        JournalContent failed = Journal with { Trial = null };
        TrySave(mayPass ? failed : failed.With(new(document.Version, document.Hash, code, errors)));
        await ReturnAsync(before, plan, safeMode, cancellation);
        Say(code == ReportCode.TrialFailed ? ConfigState.RolledBack : ConfigState.Rejected, code, errors);
    }

    private async Task ReturnAsync(LoadedConfiguration before, ConfigurationPlan plan, IReadOnlyList<ConfigurationError>? safeMode, CancellationToken cancellation)
    {
        if (safeMode is null)
            await _target.ApplyAsync(before, plan, cancellation);
        else
            await _target.EnterSafeModeAsync(before, safeMode, cancellation);
        (_running, _safeMode) = (before, safeMode);
    }

    private JournalContent Committed(RemoteDocument document, ConfigurationPlan plan, JsonObject complete) => plan.Restart.Count > 0
        ? Journal with { Trial = null, Pending = document }
        : Journal with { Trial = null, Pending = null, Previous = Journal.LastGood is { } last && last.Is(document.Version, document.Hash) ? Journal.Previous : Journal.LastGood, LastGood = document, Effective = complete };
}
