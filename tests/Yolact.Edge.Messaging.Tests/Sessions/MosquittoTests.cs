using System.Diagnostics;
using System.Net;
using Yolact.Edge.Messaging.Tests.Brokers;

namespace Yolact.Edge.Messaging.Tests.Sessions;

/// <summary>The session against a broker that is not ours.</summary>
public sealed class MosquittoTests
{
    [Fact]
    public async Task Promised_messages_survive_a_broker_that_is_killed()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var running = new RunningSession(broker.Endpoint);
        var heard = new List<string>();
        for (int round = 0; round < 3; round++)
        {
            await using Subscriber subscriber = await Subscriber.StartAsync(broker.Endpoint, Samples.Topics.Events);
            for (int i = 0; i < 20; i++)
                running.Publish($"{round}.{i}", promised: true);
            for (string last = ""; last != $"{round}.19"; heard.Add(last))
                last = (await subscriber.NextAsync()).Payload;
            await broker.StopAsync();
            await running.UntilAsync(s => !s.IsConnected);
            await broker.StartAgainAsync();
        }
        await running.UntilAsync(s => s.IsConnected);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i / 20}.{i % 20}"), heard.Distinct());
        Assert.True(running.Session.Connections >= 4);
    }

    [Fact]
    public async Task The_right_password_connects_and_a_wrong_one_is_reported_in_words_without_it()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(folder =>
        {
            string file = Path.Combine(folder, "passwords");
            using (Process tool = Process.Start("/usr/bin/mosquitto_passwd", ["-b", "-c", file, "device", "right"]))
                tool.WaitForExit();
            return $"allow_anonymous false\npassword_file {file}";
        });
        string password = Path.Combine(broker.Folder, "password");
        File.WriteAllText(password, "secret-wrong\n");
        var options = new MqttOptions { Host = "127.0.0.1", Username = "device", PasswordFile = password, ReconnectMaxS = 1 };
        await using var running = new RunningSession(broker.Endpoint, options);
        await running.UntilAsync(s => s.Problem is not null);
        Assert.DoesNotContain("secret", running.Session.Problem, StringComparison.Ordinal);
        Assert.Matches("password|not allowed", running.Session.Problem!);

        File.WriteAllText(password, "right\n");
        await running.UntilAsync(s => s.IsConnected);
    }

    [Fact]
    public async Task Tls_is_refused_with_its_reason_and_works_with_the_right_authority()
    {
        using var authority = new TestAuthority("Plant CA");
        using var stranger = new TestAuthority("Another CA");
        await using Mosquitto broker = await Mosquitto.StartAsync(folder =>
        {
            authority.WriteCa(Path.Combine(folder, "ca.pem"));
            stranger.WriteCa(Path.Combine(folder, "stranger.pem"));
            authority.WriteServer("broker.plant", folder);
            authority.WriteClient("press-3", folder);
            return $"allow_anonymous true\ncafile {folder}/ca.pem\ncertfile {folder}/server.pem\nkeyfile {folder}/server.key\nrequire_certificate true";
        });
        TlsOptions right = new()
        {
            CaFile = $"{broker.Folder}/ca.pem",
            CertificateFile = $"{broker.Folder}/client.pem",
            KeyFile = $"{broker.Folder}/client.key",
            ServerName = "broker.plant",
        };
        Assert.Contains("not trusted", await ProblemAsync(broker, right with { CaFile = $"{broker.Folder}/stranger.pem" }), StringComparison.Ordinal);
        Assert.Contains("is for broker.plant", await ProblemAsync(broker, right with { ServerName = "other.plant" }), StringComparison.Ordinal);
        await using var running = new RunningSession(broker.Endpoint, new MqttOptions { Host = "127.0.0.1", Tls = right });
        await running.UntilAsync(s => s.IsConnected || s.Problem is not null);
        Assert.Null(running.Session.Problem);
    }

    private static async Task<string> ProblemAsync(Mosquitto broker, TlsOptions tls)
    {
        await using var running = new RunningSession(broker.Endpoint, new MqttOptions { Host = IPAddress.Loopback.ToString(), Tls = tls });
        await running.UntilAsync(s => s.Problem is not null);
        return running.Session.Problem!;
    }
}
