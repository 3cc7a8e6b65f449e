using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Messaging;

/// <summary>Which version of the protocol to speak.</summary>
public enum MqttVersion
{
    /// <summary>MQTT 5; MQTT 3.1.1 where the broker does not speak 5.</summary>
    Auto,

    /// <summary>MQTT 5 only.</summary>
    V5,

    /// <summary>MQTT 3.1.1 only: no message expiry, no user properties, no commands.</summary>
    V311,
}

/// <summary>Which broker, and how to speak with it.</summary>
public sealed record MqttOptions
{
    /// <summary>Name or address of the broker; null (the default) for the embedded one, which listens on 127.0.0.1 alone.</summary>
    public string? Host { get; init; }

    /// <summary>
    /// The broker's port, 1..65535; null (the default) for 1883, or 8883 with TLS. The embedded broker takes the next free one where
    /// it is taken.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>Client id, at most 64 characters of a <see cref="TopicName"/>; null (the default) for the device's name.</summary>
    public string? ClientId { get; init; }

    /// <summary>User name; null (the default) for none.</summary>
    public string? Username { get; init; }

    /// <summary>
    /// File that holds the password, read at each connection; a bare name is looked up among systemd's credentials
    /// (<c>LoadCredential=</c>). Null (the default) for none.
    /// </summary>
    public string? PasswordFile { get; init; }

    /// <summary>Encryption; null (the default) for none.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Protocol version. Default <see cref="MqttVersion.Auto"/>.</summary>
    public MqttVersion Version { get; init; } = MqttVersion.Auto;

    /// <summary>
    /// Seconds after which a link is probed, 1..3600, default 15, or what the broker asks for where that is less: a dead link is noticed
    /// within that and <c>timeout_s</c>.
    /// </summary>
    public int KeepAliveS { get; init; } = 15;

    /// <summary>Seconds that connecting and each acknowledgement may take, 1..120, default 10.</summary>
    public int TimeoutS { get; init; } = 10;

    /// <summary>
    /// Seconds that the broker keeps requests for a device that lost its connection, 0..604800, default 0 for not at all. What the device
    /// has to say does not depend on it.
    /// </summary>
    public int SessionExpiryS { get; init; }

    /// <summary>The longest pause between two tries to connect, in s, 1..3600, default 30; the first ones are shorter.</summary>
    public int ReconnectMaxS { get; init; } = 30;

    /// <summary>Where triggered detections and events wait for the broker.</summary>
    public OutboxOptions Outbox { get; init; } = new();

    /// <summary>
    /// Triggered detections and events that wait in memory where the outbox is off or its disk fails, 1..100000, default 1000; the oldest
    /// make room, and that is an event.
    /// </summary>
    public int PromisedQueue { get; init; } = 1000;

    /// <summary>Free-running detections and health figures that wait, 1..1000, default 8; the oldest make room.</summary>
    public int LiveQueue { get; init; } = 8;

    /// <summary>Seconds after which a free-running message is worthless (message expiry, MQTT 5), 1..3600, default 10.</summary>
    public int LiveExpiryS { get; init; } = 10;

    /// <summary>What the device lets itself be asked for (MQTT 5).</summary>
    public CommandOptions Commands { get; init; } = new();

    /// <summary>The port in force.</summary>
    internal int EffectivePort => Port ?? (Tls is null ? 1883 : 8883);

    /// <summary>Checks every rule.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (Host is not null && Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            report($"{pointer}/host", $"a host name or an address, not '{Host}'; leave it out for the embedded broker");
        Range("port", Port ?? 1, 1, 65535);
        if (ClientId is not null && !TopicName.IsValid(ClientId))
            report($"{pointer}/client_id", TopicName.Rule);
        if (PasswordFile is not null && Username is null)
            report($"{pointer}/username", "a name that the password belongs to");
        if (Tls is not null && Host is null)
            report($"{pointer}/tls", "the embedded broker speaks on loopback without TLS; leave this out, or name a host");
        Commands.Validate($"{pointer}/commands", report);
        Tls?.Validate($"{pointer}/tls", report);
        Range("keep_alive_s", KeepAliveS, 1, 3600);
        Range("timeout_s", TimeoutS, 1, 120);
        Range("session_expiry_s", SessionExpiryS, 0, 604_800);
        Range("reconnect_max_s", ReconnectMaxS, 1, 3600);
        Outbox.Validate($"{pointer}/outbox", report);
        Range("promised_queue", PromisedQueue, 1, 100_000);
        Range("live_queue", LiveQueue, 1, 1000);
        Range("live_expiry_s", LiveExpiryS, 1, 3600);

        void Range(string name, int value, int low, int high)
        {
            if (value < low || value > high)
                report($"{pointer}/{name}", $"{low}..{high}, not {value}");
        }
    }
}
