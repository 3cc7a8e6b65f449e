using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "short")]
public sealed class Sandbox(BenchFixture fixture) : Scenario(fixture)
{
    // The unit as it is, with another program in it.
    private const string MakeUnit = """
        chmod +x /usr/local/sbin/hil-probe
        sed -e 's#^ExecStart=.*#ExecStart=/usr/local/sbin/hil-probe#' -e 's/^Type=.*/Type=oneshot/' \
            -e '/^ExecStopPost=/d' -e '/^Restart/d' -e '/^Watchdog/d' -e '/^RuntimeDirectory=/d' \
            /lib/systemd/system/yolact-edge.service > /run/systemd/system/hil-probe.service
        systemctl daemon-reload
        systemctl start hil-probe.service
        journalctl -b -o cat -u hil-probe.service
        """;

    [Fact]
    public async Task The_service_user_opens_what_it_needs_and_a_probe_does_not_get_out()
    {
        await Shell.CopyAsync(Path.Combine(AppContext.BaseDirectory, "probes", "sandbox.sh"), "/usr/local/sbin/hil-probe");
        string[][] answers = [.. (await Shell.RunAsync(MakeUnit)).Split('\n').Select(line => line.Split(' ')).Where(words => words is ["may" or "escape", _, _])];
        string[] refused = [.. answers.Where(words => words[0] == "may" && words[2] == "no").Select(words => words[1])];
        string[] escaped = [.. answers.Where(words => words[0] == "escape" && words[2] == "yes").Select(words => words[1])];

        Assert.Empty(refused);
        Assert.Empty(escaped);
        // All of them were tried.
        Assert.Equal(8, answers.Count(words => words[0] == "may"));
        Assert.Equal(24, answers.Count(words => words[0] == "escape"));
        Measured("ways out that were tried", answers.Count(words => words[0] == "escape"), "");
    }
}
