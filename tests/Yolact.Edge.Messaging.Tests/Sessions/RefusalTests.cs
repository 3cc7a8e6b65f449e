using System.Diagnostics;
using Yolact.Edge.Messaging.Tests.Brokers;

namespace Yolact.Edge.Messaging.Tests.Sessions;

/// <summary>A broker that will not have us says why, is asked again and again with pauses, and hears or sees no secret in a log.</summary>
public sealed class RefusalTests
{
    private const string Secret = "s3cret-p4ssword";

    [Fact]
    public async Task A_wrong_password_is_told_asked_again_and_never_logged()
    {
        await using Mosquitto broker = await WithPasswordAsync();
        string file = Path.Combine(broker.Folder, "password");
        File.WriteAllText(file, $"{Secret}-wrong\n");
        await using var running = new RunningSession(
            broker.Endpoint, new MqttOptions { Host = "127.0.0.1", Username = "device", PasswordFile = file, ReconnectMaxS = 1 });
        await running.UntilAsync(session => session.FailedTries >= 4);
        Assert.Matches("password|not allowed", running.Session.Problem!);
        // Said once, however often it is tried.
        Assert.Single(running.Log, line => line.Contains("No connection", StringComparison.Ordinal));
        File.WriteAllText(file, $"{Secret}\n");
        await running.UntilAsync(session => session.IsConnected);
        Assert.DoesNotContain(running.Log, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_topic_that_is_not_allowed_is_told_and_does_not_hold_up_the_others()
    {
        await using Mosquitto broker = await WithPasswordAsync(folder =>
        {
            string acl = Path.Combine(folder, "acl");
            File.WriteAllText(acl, $"user device\ntopic write {Samples.Topics.Status}\ntopic write {Samples.Topics.Health}\ntopic read #\n");
            return $"\nacl_file {acl}";
        });
        string file = Path.Combine(broker.Folder, "password");
        File.WriteAllText(file, Secret);
        await using var running = new RunningSession(broker.Endpoint, new MqttOptions { Host = "127.0.0.1", Username = "device", PasswordFile = file });
        running.Session.SetState(Samples.Topics.Status, RunningSession.State("ready"));
        running.Publish("not allowed", promised: true);
        running.Publish("not allowed either", promised: true);
        await running.UntilAsync(session => session.Refused == 2 && session.WaitingPromised == 0);
        await running.UntilAsync(session => session.Published >= 1); // the state
        Assert.Contains(running.Log, line => line.Contains(Samples.Topics.Events, StringComparison.Ordinal)
            && line.Contains("may not publish there", StringComparison.Ordinal));
        Assert.Equal(1, running.Session.Connections);
    }

    [Fact]
    public async Task Certificates_that_are_wrong_are_told_apart_and_read_again_when_they_change()
    {
        using var authority = new TestAuthority("Plant CA");
        using var stranger = new TestAuthority("Another CA");
        await using Mosquitto broker = await Mosquitto.StartAsync(folder =>
        {
            authority.WriteCa(Path.Combine(folder, "ca.pem"));
            authority.WriteServer("broker.plant", folder, expired: true);
            return $"allow_anonymous true\ncafile {folder}/ca.pem\ncertfile {folder}/server.pem\nkeyfile {folder}/server.key\nrequire_certificate true";
        });
        stranger.WriteCa(Path.Combine(broker.Folder, "trusted.pem"));
        stranger.WriteClient("press-3", broker.Folder);
        var options = new MqttOptions
        {
            Host = "127.0.0.1",
            ReconnectMaxS = 1,
            Tls = new TlsOptions
            {
                CaFile = $"{broker.Folder}/trusted.pem",
                CertificateFile = $"{broker.Folder}/client.pem",
                KeyFile = $"{broker.Folder}/client.key",
                ServerName = "other.plant",
            },
        };
        await using (var misnamed = new RunningSession(broker.Endpoint, options))
            await misnamed.UntilAsync(session => session.Problem?.Contains("is for broker.plant", StringComparison.Ordinal) == true);

        await using var running = new RunningSession(broker.Endpoint, options with { Tls = options.Tls with { ServerName = "broker.plant" } });
        await running.UntilAsync(session => session.Problem?.Contains("not trusted", StringComparison.Ordinal) == true && session.FailedTries >= 3);

        // One thing after the other is put right, in files that the running session reads again.
        authority.WriteCa(Path.Combine(broker.Folder, "trusted.pem"));
        await running.UntilAsync(session => session.Problem?.Contains("expired", StringComparison.Ordinal) == true);
        await broker.StopAsync();
        authority.WriteServer("broker.plant", broker.Folder);
        await broker.StartAgainAsync();
        await running.UntilAsync(session => session.Problem is { } problem && !problem.Contains("expired", StringComparison.Ordinal)
            && !problem.Contains("nothing listens", StringComparison.Ordinal));
        Assert.False(running.Session.IsConnected); // the broker does not know who signed for this client
        authority.WriteClient("press-3", broker.Folder);
        await running.UntilAsync(session => session.IsConnected);
        string key = File.ReadAllLines($"{broker.Folder}/client.key")[1];
        Assert.DoesNotContain(running.Log, line => line.Contains(key, StringComparison.Ordinal));
    }

    private static Task<Mosquitto> WithPasswordAsync(Func<string, string>? more = null) => Mosquitto.StartAsync(folder =>
    {
        string file = Path.Combine(folder, "passwords");
        using (Process tool = Process.Start("/usr/bin/mosquitto_passwd", ["-b", "-c", file, "device", Secret]))
            tool.WaitForExit();
        return $"allow_anonymous false\npassword_file {file}{more?.Invoke(folder)}";
    });
}
