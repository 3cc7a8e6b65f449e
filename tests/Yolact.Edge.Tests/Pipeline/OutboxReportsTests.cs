using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Topics;
using Yolact.Edge.Pipeline;

namespace Yolact.Edge.Tests.Pipeline;

/// <summary>What becomes of the device's state and of events when the outbox has something to tell.</summary>
public sealed class OutboxReportsTests : IAsyncDisposable
{
    private readonly PayloadPool _pool = new();
    private readonly MessageStamp _stamp = new(new TopicTree("press-3"), TimeProvider.System);
    private readonly DeviceStatus _status;
    private readonly MqttSession _session;
    private readonly OutboxReports _reports;

    public OutboxReportsTests()
    {
        _status = new DeviceStatus(_stamp);
        _session = new MqttSession(new MqttOptions(), new IPEndPoint(IPAddress.Loopback, 1), "press-3", _stamp.Topics.Status, _status.WriteWill, _pool,
            TimeProvider.System, NullLogger.Instance);
        _reports = new OutboxReports(new EventPublisher(_session, _stamp, _pool, NullLogger<EventPublisher>.Instance), _status, _stamp.Topics);
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    [Fact]
    public async Task A_disk_that_fails_degrades_a_device_that_goes_on_until_it_works_again()
    {
        _status.Set(DeviceState.Ready);
        _reports.OnReport(new OutboxReport(OutboxReportKind.DiskFailed, 0, "No space left on device"));
        Assert.Equal((DeviceState.Degraded, "No space left on device"), (_status.State, Assert.Single(_status.Reasons)));
        _status.Set(DeviceState.Ready); // as each finished frame says
        Assert.Equal(DeviceState.Degraded, Said().State);
        _reports.OnReport(new OutboxReport(OutboxReportKind.DiskRecovered, 0, "It works again"));
        Assert.Equal(DeviceState.Ready, Said().State);
        Assert.Empty(_status.Reasons);
        await _session.KeptAsync();
        Assert.Equal(2, _session.WaitingPromised); // an event each
    }

    [Fact]
    public async Task An_event_about_a_refused_event_is_not_published()
    {
        _reports.OnReport(new OutboxReport(OutboxReportKind.Refused, 3, "not allowed", _stamp.Topics.Events));
        _reports.OnReport(new OutboxReport(OutboxReportKind.Refused, 3, "not allowed", _stamp.Topics.Detections("main")));
        _reports.OnReport(new OutboxReport(OutboxReportKind.Dropped, 7, "full"));
        await _session.KeptAsync();
        Assert.Equal(2, _session.WaitingPromised);
    }

    [Fact]
    public void What_went_wrong_before_anybody_listened_is_told()
    {
        string file = Path.GetTempFileName();
        using MessageOutbox outbox = MessageOutbox.Open(
            new OutboxOptions { Path = Path.Combine(file, "outbox") }, "press-3", 10, _pool, TimeProvider.System, NullLogger.Instance);
        _status.Set(DeviceState.Ready);
        _reports.Watch(outbox);
        Assert.Equal(DeviceState.Degraded, _status.State);
        File.Delete(file);
    }

    private StatusMessage Said()
    {
        using PayloadBuffer buffer = _pool.Rent();
        _status.Write(buffer, 1);
        return JsonSerializer.Deserialize(buffer.WrittenSpan, PayloadJson.Default.StatusMessage)!;
    }
}
