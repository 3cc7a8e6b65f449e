using System.Text.Json.Nodes;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Configuration.Remote;

/// <summary>
/// The life of a desired document: checked, compared with what runs, noted in the journal, applied, on trial, then last good, or what ran
/// before returns. One document at a time; of those that come meanwhile the latest waits. Knows no transport.
/// </summary>
public sealed partial class RemoteConfiguration : IDisposable
{
    private readonly RemoteJournal _journal;
    private readonly IConfigurationTarget _target;
    private readonly Action<ConfigurationReport> _report;
    private readonly ILogger _logger;
    private readonly ConfigurationBoot _boot;
    private readonly LoadedConfiguration _local;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _waiting = new(0);
    private LoadedConfiguration _running;
    private IReadOnlyList<ConfigurationError>? _safeMode;
    private ReadOnlyMemory<byte>? _latest;
    private string? _desired;
    private bool _ended;

    /// <summary>Nothing is applied yet.</summary>
    /// <param name="boot">What to begin with.</param>
    /// <param name="journal">What survives the process.</param>
    /// <param name="target">What configurations are applied to.</param>
    /// <param name="report">Is told what became of each document. Must be quick.</param>
    /// <param name="logger">The log.</param>
    public RemoteConfiguration(ConfigurationBoot boot, RemoteJournal journal, IConfigurationTarget target, Action<ConfigurationReport> report, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(boot);
        (_boot, _journal, _target, _report, _logger) = (boot, journal, target, report, logger);
        (_local, _running, _safeMode) = (boot.Local, boot.Run, boot.SafeMode);
    }

    private JournalContent Journal => _journal.Content;

    private TimeSpan Probation => TimeSpan.FromSeconds(_local.Options.Remote.ProbationS);

    private string? RunningVersion => _safeMode is null ? _running.Options.Version : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_waiting)
            _ended = true;
        _turn.Dispose();
        _waiting.Dispose();
    }

    /// <summary>Takes a document as it came. Never waits; one that waits is forgotten for it.</summary>
    /// <param name="payload">The bytes; empty to keep what runs.</param>
    public void Desire(ReadOnlyMemory<byte> payload)
    {
        lock (_waiting)
        {
            if (_ended)
                return;
            bool first = _latest is null;
            _latest = payload;
            if (first)
                _waiting.Release();
        }
    }

    /// <summary>Starts what the boot says, then follows what is desired, until cancelled.</summary>
    /// <param name="cancellation">The program stops.</param>
    /// <exception cref="ConfigurationFailedException">What the program was started with cannot run, or what ran before does not run again.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await StartAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
        while (true)
        {
            await _waiting.WaitAsync(cancellation);
            ReadOnlyMemory<byte> payload;
            lock (_waiting)
                (payload, _latest) = (_latest!.Value, null);
            await HandleAsync(payload, cancellation);
        }
    }

    /// <summary>Starts what the boot says.</summary>
    /// <param name="cancellation">The program stops.</param>
    /// <exception cref="ConfigurationFailedException">What the program was started with cannot run, and nobody could be told.</exception>
    internal async Task StartAsync(CancellationToken cancellation)
    {
        if (_boot.Report is { } report)
            Say(report.State, report.Code, report.Errors, report.Desired);
        else if (_boot.Trial is { } begun)
            Say(ConfigState.Probation, ReportCode.Ok, [], begun.Document.Version);
        else
            Say(ConfigState.Applied, ReportCode.Ok, []);
        if (_safeMode is { } errors)
        {
            await _target.EnterSafeModeAsync(_running, errors, cancellation);
            return;
        }
        if (_boot.Trial is { } trial)
        {
            _desired = trial.Document.Version;
            var plan = ConfigurationPlan.For(ConfigurationDifference.Between(trial.Fallback.Document, _running.Document));
            await TryAsync(trial.Document, _running, trial.Fallback, new(plan.Touched | ConfigurationPlan.Start.Touched, []), cancellation);
            return;
        }
        try
        {
            await _target.ApplyAsync(_running, ConfigurationPlan.Start, cancellation);
        }
        catch (ConfigurationFailedException error) when (_boot.IsRemote || _running.Options.Mqtt.Host is not null)
        {
            // The device can be reached: whoever steers it can send something better.
            _safeMode = error.Errors;
            Say(ConfigState.Rejected, ReportCode.Failed, error.Errors);
            await _target.EnterSafeModeAsync(_running, error.Errors, cancellation);
        }
    }

    /// <summary>Handles one document.</summary>
    /// <param name="payload">The bytes; empty to keep what runs.</param>
    /// <param name="cancellation">The program stops.</param>
    internal async Task HandleAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (payload.IsEmpty)
            {
                _desired = null;
                Say(_safeMode is null ? ConfigState.Applied : ConfigState.Rejected, _safeMode is null ? ReportCode.Ok : ReportCode.Invalid, _safeMode ?? []);
                return;
            }
            DesiredDocument desired = DesiredDocument.Check(payload.Span, _local);
            _desired = desired.Version;
            if (desired is not { Document: { } document, Effective: { } effective })
                Say(ConfigState.Rejected, ReportCode.Invalid, desired.Errors);
            else if (!AnswerKnown(document))
                await BeginAsync(document, effective, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Does something to what runs that must not meet a document on its way.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="work">What is done.</param>
    /// <param name="cancellation">The program stops, or nobody waits any more.</param>
    /// <returns>What came of it.</returns>
    public async Task<T> BetweenDocumentsAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(work);
        await _turn.WaitAsync(cancellation);
        try
        {
            return await work(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Refuses a document that was not read for its size.</summary>
    /// <param name="bytes">How long it is.</param>
    public void RefuseSize(long bytes)
    {
        _desired = null;
        Say(ConfigState.Rejected, ReportCode.Invalid, [new("", $"at most {ConfigurationLoader.MaxBytes} bytes, not {bytes}")]);
    }

    /// <summary>Lets the configuration before the last good one run again; the last good one counts as failed.</summary>
    /// <param name="cancellation">The program stops.</param>
    /// <returns>The version that runs now; null where nothing was applied remotely.</returns>
    public async Task<string?> RollBackAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if ((Journal.Pending ?? Journal.LastGood) is not { } last)
                return null;
            RemoteDocument? previous = Journal.Pending is null ? Journal.Previous : Journal.LastGood;
            LoadedConfiguration before = previous is null ? _local : DesiredDocument.Check(previous.Content, _local).Effective ?? _local;
            ConfigurationPlan plan = PlanTo(before);
            IReadOnlyList<ConfigurationError> errors = [new("", "it was taken back by a command")];
            _journal.Save((Journal with
            {
                Pending = null,
                LastGood = ReferenceEquals(before, _local) ? null : previous,
                Effective = ReferenceEquals(before, _local) ? null : before.Document,
                Previous = null,
            }).With(new(last.Version, last.Hash, ReportCode.TrialFailed, errors)));
            await ReturnAsync(WithRunning(before, plan), plan, null, cancellation);
            Say(ConfigState.RolledBack, ReportCode.TrialFailed, errors);
            return RunningVersion;
        }
        finally
        {
            _turn.Release();
        }
    }

    // Answers a document that needs no trial.
    private bool AnswerKnown(RemoteDocument document)
    {
        if (Journal.FailureOf(document.Version, document.Hash) is { } failure)
            Say(failure.Code == ReportCode.TrialFailed ? ConfigState.RolledBack : ConfigState.Rejected, failure.Code, failure.Errors);
        else if (Journal.Pending is { } pending && pending.Is(document.Version, document.Hash))
            SayRestart(PlanTo(DesiredDocument.Check(document.Content, _local).Effective ?? _running));
        else if (Journal.Pending is null && _safeMode is null && Journal.LastGood is { } last && last.Is(document.Version, document.Hash))
            Say(ConfigState.Applied, ReportCode.Ok, []);
        else if (Journal.NewestVersion is { } newest && DocumentVersion.Compare(document.Version, newest) <= 0 && !IsRepeated(document))
            Say(ConfigState.Rejected, ReportCode.Stale, [new("/version", $"a version newer than {newest}, which was taken already (see the order of versions)")]);
        else
            return false;
        return true;
    }

    // In safe mode the last good document may be what is needed again, once what stood in its way is gone.
    private bool IsRepeated(RemoteDocument document) => _safeMode is not null && Journal.LastGood?.Is(document.Version, document.Hash) == true;

    private ConfigurationPlan PlanTo(LoadedConfiguration next)
    {
        var plan = ConfigurationPlan.For(ConfigurationDifference.Between(_running.Document, next.Document));
        return _safeMode is null ? plan : plan with { Touched = plan.Touched | ConfigurationPlan.Start.Touched };
    }

    // What waits for a restart keeps the value that runs.
    private LoadedConfiguration WithRunning(LoadedConfiguration next, ConfigurationPlan plan)
    {
        if (plan.Restart.Count == 0)
            return next;
        var document = (JsonObject)next.Document.DeepClone();
        foreach (string pointer in plan.Restart)
            JsonPointer.Set(document, pointer, JsonPointer.Find(_running.Document, pointer));
        LoadedConfiguration mixed = ConfigurationLoader.Complete(document, next.Source, static (_, _) => { }, out IReadOnlyList<ConfigurationError> errors);
        // Parts that go together only as a whole have to wait as a whole.
        return errors.Count == 0 ? mixed : _running;
    }

    private bool TrySave(JournalContent content)
    {
        try
        {
            _journal.Save(content);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.NotStored(_logger, error.Message);
            return false;
        }
    }

    private void SayRestart(ConfigurationPlan plan) => Say(
        ConfigState.RestartRequired, ReportCode.RestartRequired, [.. plan.Restart.Select(pointer => new ConfigurationError(pointer, "takes effect at the next start of the program"))]);

    private void Say(ConfigState state, int code, IReadOnlyList<ConfigurationError> errors, string? desired = null)
    {
        string? fallback = Journal.LastGood?.Version ?? (_safeMode is null ? _local.Options.Version : null);
        _report(new(desired ?? _desired, RunningVersion, fallback, state, code, errors));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Configuration {Version} could not be applied.")]
        public static partial void ApplyFailed(ILogger logger, Exception error, string version);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "What became of a configuration cannot be stored: {Problem}")]
        public static partial void NotStored(ILogger logger, string problem);
    }
}
