using System.Runtime.InteropServices;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Model.Import;

namespace Yolact.Edge.Hosting;

/// <summary>The device's state: set by whoever knows, said over MQTT (retained) and to health checks. Safe for use from several threads.</summary>
/// <param name="stamp">Ids and times.</param>
public sealed class DeviceStatus(MessageStamp stamp)
{
    private readonly Lock _lock = new();
    private MqttSession? _session;
    private DeviceState _state = DeviceState.Init;
    private string[] _reasons = [];
    private readonly SortedDictionary<string, string> _impairments = new(StringComparer.Ordinal);
    private Dictionary<string, string> _versions = new()
    {
        ["yolact-edge"] = ModelMetadata.ThisBuilder.Split(' ')[^1],
        ["dotnet"] = Environment.Version.ToString(),
        ["os"] = RuntimeInformation.OSDescription,
    };

    /// <summary>The state now.</summary>
    public DeviceState State
    {
        get
        {
            lock (_lock)
                return Effective;
        }
    }

    /// <summary>Why it is not ready; empty when it is.</summary>
    public IReadOnlyList<string> Reasons
    {
        get
        {
            lock (_lock)
                return [.. _reasons, .. _impairments.Values];
        }
    }

    /// <summary>What runs.</summary>
    public IReadOnlyDictionary<string, string> Versions
    {
        get
        {
            lock (_lock)
                return _versions;
        }
    }

    /// <summary>Whether the device lets itself be asked for things. Default false.</summary>
    public bool TakesCommands { get; set; }

    /// <summary>Says the state through a connection from now on.</summary>
    /// <param name="session">The connection.</param>
    public void Attach(MqttSession session)
    {
        _session = session;
        Announce();
    }

    /// <summary>Names the model that runs.</summary>
    /// <param name="name">Its name.</param>
    public void SetModel(string name)
    {
        lock (_lock)
            _versions = new Dictionary<string, string>(_versions) { ["model"] = name };
    }

    /// <summary>Sets the state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="reasons">Why it is not ready.</param>
    public void Set(DeviceState state, params string[] reasons)
    {
        lock (_lock)
        {
            if (_state == state && _reasons.SequenceEqual(reasons))
                return;
            (_state, _reasons) = (state, reasons);
        }
        Announce();
    }

    /// <summary>Something that is not as it should be while frames are inferred all the same: a ready device is degraded by it.</summary>
    /// <param name="what">Names it.</param>
    /// <param name="reason">One sentence for a person; null when it is well again.</param>
    public void Impair(string what, string? reason)
    {
        lock (_lock)
        {
            if (_impairments.GetValueOrDefault(what) == reason)
                return;
            if (reason is null)
                _impairments.Remove(what);
            else
                _impairments[what] = reason;
        }
        Announce();
    }

    /// <summary>Writes the retained message of the state now.</summary>
    /// <param name="buffer">Is overwritten.</param>
    /// <param name="connection">Number of the connection.</param>
    public void Write(PayloadBuffer buffer, long connection)
    {
        lock (_lock)
            Write(buffer, connection, Effective, [.. _reasons, .. _impairments.Values]);
    }

    /// <summary>Writes the last will of a connection.</summary>
    /// <param name="buffer">Is overwritten.</param>
    /// <param name="connection">Number of the connection.</param>
    public void WriteWill(PayloadBuffer buffer, long connection) => Write(buffer, connection, DeviceState.Lost, ["The connection to the device broke."]);

    /// <summary>Writes the goodbye of an orderly stop.</summary>
    /// <param name="buffer">Is overwritten.</param>
    /// <param name="connection">Number of the connection.</param>
    public void WriteGoodbye(PayloadBuffer buffer, long connection) => Write(buffer, connection, DeviceState.Disconnected, ["The program was stopped."]);

    private DeviceState Effective => _state == DeviceState.Ready && _impairments.Count > 0 ? DeviceState.Degraded : _state;

    private void Write(PayloadBuffer buffer, long connection, DeviceState state, IReadOnlyList<string> reasons)
    {
        MessageHeader header = stamp.Next();
        PayloadJson.Write(buffer, new StatusMessage(header.Id, header.Source, header.Time, state, reasons, _versions, stamp.Run, connection,
            TakesCommands && state is not (DeviceState.Lost or DeviceState.Disconnected) && _session is { CarriesRequests: true }));
    }

    private void Announce() => _session?.SetState(stamp.Topics.Status, Write);
}
