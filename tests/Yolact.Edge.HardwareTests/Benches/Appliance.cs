using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>The installed appliance, by systemd, the journal and its broker.</summary>
/// <param name="shell">A root shell on its device.</param>
public sealed class Appliance(Shell shell)
{
    /// <summary>The configuration's file.</summary>
    public const string ConfigurationFile = "/etc/yolact-edge/appliance.json";

    private const string Unit = "yolact-edge.service";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Subscribes to everything but health, in a session that the broker keeps, and waits until the broker has said the appliance's state.</summary>
    public async Task<Subscription> SubscribeAsync()
    {
        // One that lost its bench, or was running when the snapshot was made: two with one name would drive each other out.
        await shell.RunAsync("pkill -f '[m]osquitto_sub .*-i bench' || true");
        var subscription = new Subscription(shell.Start(
            $"mosquitto_sub -h 127.0.0.1 -i bench -c -q 1 -F '{Message.Format}' -t 'yolact/1/+/status' -t 'yolact/1/+/camera/#' -t 'yolact/1/+/events' -t 'yolact/1/+/config/reported'"));
        await subscription.WaitAsync(message => message.Topic == "status", "the retained status");
        return subscription;
    }

    /// <summary>Leaves a configuration on the broker (null: takes it away).</summary>
    public Task DesireAsync(string? document) => shell.RunAsync(
        $"mosquitto_pub -h 127.0.0.1 -q 1 -r -t yolact/1/rig/config/desired {(document is null ? "-n" : "-s")}", document);

    /// <summary>Writes the local configuration: the bench's own with changes laid over it, and starts the appliance anew with it.</summary>
    /// <param name="change">Changes the document.</param>
    public async Task ConfigureAsync(Action<JsonNode> change)
    {
        await WriteConfigurationAsync(change);
        await SystemctlAsync("restart");
    }

    /// <summary>Writes the local configuration without starting anything.</summary>
    public async Task WriteConfigurationAsync(Action<JsonNode> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        JsonNode document = JsonNode.Parse(await shell.RunAsync($"cat {ConfigurationFile}"))!;
        change(document);
        await shell.RunAsync($"cat > {ConfigurationFile}", document.ToJsonString());
    }

    /// <summary>systemctl with the appliance's unit; waits for the end of the job.</summary>
    public Task SystemctlAsync(string verb) => shell.RunAsync($"systemctl {verb} {Unit}", timeout: StartTimeout);

    /// <summary>A property of the unit.</summary>
    public Task<string> PropertyAsync(string name) => shell.RunAsync($"systemctl show -P {name} {Unit}");

    /// <summary>The process's id; 0 where it does not run.</summary>
    public async Task<int> ProcessAsync() => int.Parse(await PropertyAsync("MainPID"), CultureInfo.InvariantCulture);

    /// <summary>CLOCK_MONOTONIC in ms when the unit became active.</summary>
    public async Task<double> ActiveSinceMsAsync() => double.Parse(await PropertyAsync("ActiveEnterTimestampMonotonic"), CultureInfo.InvariantCulture) / 1000;

    /// <summary>Waits until the unit is active: systemd has got READY=1.</summary>
    public Task StartedAsync() => shell.RunAsync($$"""
        until systemctl -q is-active {{Unit}}; do
            case $(systemctl is-system-running) in running | degraded)
                case $(systemctl is-active {{Unit}}) in inactive | failed) echo "nobody starts {{Unit}}"; exit 1 ;; esac ;;
            esac
            sleep 0.5
        done
        """, timeout: StartTimeout);

    /// <summary>Waits until the unit's status text says something.</summary>
    public async Task StatusTextAsync(Predicate<string> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            string text = await PropertyAsync("StatusText");
            if (condition(text))
                return;
            Assert.True(watch.Elapsed < Subscription.Patience, $"the unit's status text stayed \"{text}\"");
            await Task.Delay(1000);
        }
    }

    /// <summary>Waits until the unit is active in another process than before.</summary>
    public async Task<int> RestartedAsync(int before)
    {
        string now = await shell.RunAsync(
            $"until [ \"$(systemctl show -P ActiveState {Unit})\" = active ] && [ \"$(systemctl show -P MainPID {Unit})\" != {before} ]; do sleep 0.5; done; systemctl show -P MainPID {Unit}",
            timeout: BenchFixture.IsPlanted ? 2 * Subscription.Patience : StartTimeout);
        return int.Parse(now, CultureInfo.InvariantCulture);
    }

    /// <summary>The journal of the unit since a process began, or all of this boot.</summary>
    public Task<string> JournalAsync(string options = "-b") => shell.RunAsync($"journalctl --no-pager -o short-monotonic -u {Unit} {options}");

    /// <summary>CLOCK_MONOTONIC and the wall clock of the device at one moment, in ns.</summary>
    public async Task<(long Monotonic, long Wall)> ClocksAsync()
    {
        string[] times = (await shell.RunAsync("rig-clock")).Split(' ');
        return (long.Parse(times[0], CultureInfo.InvariantCulture), long.Parse(times[1], CultureInfo.InvariantCulture));
    }
}
