namespace Yolact.Edge.Messaging.Tests;

public sealed class MqttOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(Errors(new MqttOptions()));

    [Fact]
    public void Every_error_is_reported_at_once()
    {
        var options = new MqttOptions
        {
            Host = "not a host",
            Port = 0,
            ClientId = "a/b",
            PasswordFile = "password",
            Tls = new TlsOptions { KeyFile = "key.pem", ServerName = "no name", CaFile = "/nowhere/ca.pem" },
            KeepAliveS = 0,
            TimeoutS = 1000,
            SessionExpiryS = -1,
            ReconnectMaxS = 0,
            Outbox = new() { Path = " ", MaxMib = 3, MaxAgeH = 0 },
            PromisedQueue = 0,
            LiveQueue = 0,
            LiveExpiryS = 0,
        };
        Assert.Equal(
            [
                "/mqtt/host", "/mqtt/port", "/mqtt/client_id", "/mqtt/username", "/mqtt/tls/certificate_file", "/mqtt/tls/server_name",
                "/mqtt/tls/ca_file", "/mqtt/keep_alive_s", "/mqtt/timeout_s", "/mqtt/session_expiry_s",
                "/mqtt/reconnect_max_s", "/mqtt/outbox/path", "/mqtt/outbox/max_mib", "/mqtt/outbox/max_age_h", "/mqtt/promised_queue",
                "/mqtt/live_queue", "/mqtt/live_expiry_s",
            ],
            Errors(options));
    }

    [Fact]
    public void Tls_needs_a_host() => Assert.Equal(["/mqtt/tls"], Errors(new MqttOptions { Tls = new TlsOptions() }));

    private static List<string> Errors(MqttOptions options)
    {
        List<string> paths = [];
        options.Validate("/mqtt", (path, _) => paths.Add(path));
        return paths;
    }
}
