using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Pipeline;

/// <summary>Turns what the outbox has to tell into events, and a disk that fails into a state of the device.</summary>
/// <param name="events">Where events go.</param>
/// <param name="status">The device's state.</param>
/// <param name="topics">The device's topics.</param>
public sealed class OutboxReports(EventPublisher events, DeviceStatus status, TopicTree topics)
{
    /// <summary>Listens from now on, and tells of what went wrong before.</summary>
    /// <param name="outbox">The outbox.</param>
    public void Watch(MessageOutbox outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        outbox.Reported += OnReport;
        if (outbox.Problem is { } problem)
            OnReport(new OutboxReport(OutboxReportKind.DiskFailed, 0, problem));
    }

    /// <summary>Something that happened.</summary>
    /// <param name="report">What.</param>
    public void OnReport(OutboxReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        switch (report.Kind)
        {
            case OutboxReportKind.DiskFailed:
                status.Impair(nameof(MessageOutbox), report.Message);
                events.Publish(DeviceEvent.OutboxFailed, EventSeverity.Error, report.Message);
                break;
            case OutboxReportKind.DiskRecovered:
                status.Impair(nameof(MessageOutbox), null);
                events.Publish(DeviceEvent.OutboxRecovered, EventSeverity.Info, report.Message);
                break;
            // An event about a refused event would be refused in turn; the log has it.
            case OutboxReportKind.Refused when report.Topic == topics.Events:
                break;
            default:
                DeviceEvent what = report.Kind == OutboxReportKind.Refused ? DeviceEvent.MessagesRefused : DeviceEvent.MessagesDropped;
                events.Publish(what, EventSeverity.Error, report.Message, count: report.Count);
                break;
        }
    }
}
