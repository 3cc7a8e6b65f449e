using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Pipeline;

namespace Yolact.Edge.Hosting;

/// <summary>Says what became of the configuration: retained on config/reported, and as an event where it is news.</summary>
/// <param name="session">The connection.</param>
/// <param name="stamp">Ids and times.</param>
/// <param name="events">Where events go.</param>
public sealed class ConfigurationPublisher(MqttSession session, MessageStamp stamp, EventPublisher events)
{
    // What brokers take by default is far more; a person reads far less.
    private const int MaxErrors = 1000;
    private const int MaxPointer = 1000;
    private const int MaxMessage = 500;

    private readonly Lock _lock = new();
    private ConfigurationReport? _latest;

    /// <summary>Says it.</summary>
    /// <param name="report">What became of it.</param>
    public void Say(ConfigurationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        bool news;
        lock (_lock)
        {
            news = _latest is null || (_latest.Desired, _latest.State, _latest.Code) != (report.Desired, report.State, report.Code);
            _latest = report;
        }
        session.SetState(stamp.Topics.ConfigReported, (buffer, _) => PayloadJson.Write(buffer, Message(report)));
        if (!news || report.Desired is null)
            return;
        string first = report.Errors.Count > 0 ? $" {Text(report.Errors[0].ToString(), MaxMessage)}" : "";
        (DeviceEvent What, EventSeverity Severity, string Words)? happened = report.State switch
        {
            ConfigState.Applied => (DeviceEvent.ConfigApplied, EventSeverity.Info, "runs and is the last good one."),
            ConfigState.RestartRequired => (DeviceEvent.ConfigApplied, EventSeverity.Info, "runs, but for what waits for a restart."),
            ConfigState.Rejected => (DeviceEvent.ConfigRejected, EventSeverity.Warning, $"is refused ({report.Code}), {report.Errors.Count} errors:{first}"),
            ConfigState.RolledBack => (DeviceEvent.ConfigRolledBack, EventSeverity.Error, $"did not prove itself and was taken back:{first}"),
            _ => null,
        };
        if (happened is { } one)
            events.Publish(one.What, one.Severity, $"Configuration {Text(report.Desired, MaxMessage)} {one.Words}");
    }

    private ConfigReportedMessage Message(ConfigurationReport report)
    {
        MessageHeader header = stamp.Next();
        List<ConfigError> errors = [.. report.Errors.Take(MaxErrors).Select(error => new ConfigError(Text(error.Pointer, MaxPointer), Text(Redaction.Text(error.Message), MaxMessage)))];
        if (report.Errors.Count > MaxErrors)
            errors.Add(new ConfigError("", $"and {report.Errors.Count - MaxErrors} errors more"));
        return new(header.Id, header.Source, header.Time, report.Desired, report.Applied, report.LastGood, report.State, report.Code, errors);
    }

    private static string Text(string text, int most) => text.Length <= most ? text : text[..most] + "...";
}
