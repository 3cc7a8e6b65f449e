using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Tests.Configuration.Remote;

public sealed class RemoteConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-config-");

    private string Journal => Path.Combine(_folder.FullName, "state", "configuration.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_good_document_runs_becomes_last_good_and_is_what_the_next_start_begins_with()
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync("""{"version":"1","detector":{"score_threshold":0.5}}""");
        run.AssertReported(ConfigState.Applied, ReportCode.Ok, "1");
        Assert.Equal([ConfigState.Applied, ConfigState.Probation, ConfigState.Applied], run.Reports.Select(report => report.State));
        Assert.Equal("1", run.Last.LastGood);

        DeviceRun offline = await DeviceRun.StartAsync(Journal);
        offline.AssertReported(ConfigState.Applied, ReportCode.Ok, "1");
        Assert.Equal(0.5f, offline.Device.Running!.Options.Detector.ScoreThreshold);
        Assert.Equal("plant", offline.Device.Running.Options.Mqtt.Host);
    }

    [Fact]
    public async Task A_document_that_comes_again_is_answered_and_not_applied_again()
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync("""{"version":"1","detector":{"score_threshold":0.5}}""");
        await run.DesireAsync("""{ "detector": { "score_threshold": 0.5 }, "version": "1" }""");
        run.AssertReported(ConfigState.Applied, ReportCode.Ok, "1");
        Assert.Equal(["local", "1"], run.Device.Applied);
    }

    [Fact]
    public async Task An_empty_document_keeps_what_runs()
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync("""{"version":"1"}""");
        await run.DesireAsync("");
        run.AssertReported(ConfigState.Applied, ReportCode.Ok, "1");
        Assert.Null(run.Last.Desired);
    }

    [Theory]
    [InlineData("9", "10", true)]
    [InlineData("10", "9", false)]
    [InlineData("1.9", "1.10", true)]
    [InlineData("2026-11-09", "2026-11-10", true)]
    [InlineData("7", "7", false)]
    public async Task Only_a_newer_version_is_taken(string first, string second, bool taken)
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync($$"""{"version":"{{first}}"}""");
        await run.DesireAsync($$"""{"version":"{{second}}","detector":{"final_threshold":0.3} }""");
        if (taken)
            run.AssertReported(ConfigState.Applied, ReportCode.Ok, second);
        else
            run.AssertReported(ConfigState.Rejected, ReportCode.Stale, first, "/version");
    }

    [Theory]
    [InlineData("""{"version":"2","mqtt":{"host":"dead"}}""", "/mqtt")]
    [InlineData("""{"version":"2","cameras":[{"kind":"usb","source":"/dev/video9"}]}""", "/cameras")]
    [InlineData("""{"version":"2","model":{"path":"broken"}}""", "/model")]
    public async Task A_document_that_does_not_prove_itself_is_taken_back_and_not_tried_again(string bad, string pointer)
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync("""{"version":"1"}""");
        await run.DesireAsync(bad);
        run.AssertReported(ConfigState.RolledBack, ReportCode.TrialFailed, "1", pointer);
        await run.DesireAsync(bad);
        run.AssertReported(ConfigState.RolledBack, ReportCode.TrialFailed, "1", pointer);
        Assert.Equal(["local", "1", "2", "1"], run.Device.Applied);

        DeviceRun rebooted = await DeviceRun.StartAsync(Journal);
        await rebooted.DesireAsync(bad);
        rebooted.AssertReported(ConfigState.RolledBack, ReportCode.TrialFailed, "1", pointer);
        Assert.Equal(["1"], rebooted.Device.Applied);
    }

    [Fact]
    public async Task A_failed_version_with_another_content_is_tried()
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync("""{"version":"2","model":{"path":"broken"}}""");
        await run.DesireAsync("""{"version":"2"}""");
        run.AssertReported(ConfigState.Applied, ReportCode.Ok, "2");
    }

    [Fact]
    public async Task What_waits_for_a_restart_is_named_and_the_rest_runs()
    {
        const string Document = """{"version":"1","web":{"port":9090},"detector":{"score_threshold":0.7}}""";
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync(Document);
        run.AssertReported(ConfigState.RestartRequired, ReportCode.RestartRequired, "1", "/web/port");
        Assert.Equal((8080, 0.7f), (run.Device.Running!.Options.Web.Port, run.Device.Running.Options.Detector.ScoreThreshold));
        await run.DesireAsync(Document);
        run.AssertReported(ConfigState.RestartRequired, ReportCode.RestartRequired, "1", "/web/port");

        DeviceRun restarted = await DeviceRun.StartAsync(Journal);
        restarted.AssertReported(ConfigState.Applied, ReportCode.Ok, "1");
        Assert.Equal(9090, restarted.Device.Running!.Options.Web.Port);
        Assert.Equal("1", restarted.Journal.Content.LastGood!.Version);
    }

    [Fact]
    public async Task A_restart_that_kills_the_program_is_not_tried_twice()
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync("""{"version":"1","web":{"port":9090}}""");
        // The start with the new port gets as far as the boot.
        ConfigurationBoot boot = ConfigurationBoot.Decide(DeviceRun.Local(), RemoteJournal.Open(new DurableFile(Journal)));
        Assert.Equal(9090, boot.Run.Options.Web.Port);

        DeviceRun next = await DeviceRun.StartAsync(Journal);
        next.AssertReported(ConfigState.RolledBack, ReportCode.TrialFailed, "local", "");
        Assert.Equal(8080, next.Boot.Run.Options.Web.Port);
        await next.DesireAsync("""{"version":"1","web":{"port":9090}}""");
        next.AssertReported(ConfigState.RolledBack, ReportCode.TrialFailed, "local", "");
    }

    [Fact]
    public async Task A_bad_local_file_runs_the_last_good_document_or_safe_mode_where_the_broker_is_known()
    {
        LocalConfiguration bad = DeviceRun.Local("""{"mqtt":{"host":"plant"},"web":{"port":0},"surprise":1}""");
        DeviceRun safe = await DeviceRun.StartAsync(Journal, bad);
        safe.AssertReported(ConfigState.Rejected, ReportCode.Invalid, null, "/web/port", "/surprise");
        Assert.Equal(2, safe.Device.SafeMode!.Count);
        Assert.Equal("plant", safe.Boot.Run.Options.Mqtt.Host);
        await safe.DesireAsync("""{"version":"1"}""");
        safe.AssertReported(ConfigState.Applied, ReportCode.Ok, "1");
        Assert.Null(safe.Device.SafeMode);

        DeviceRun next = await DeviceRun.StartAsync(Journal, DeviceRun.Local("no JSON at all"));
        Assert.Equal("1", next.Device.Running!.Options.Version);
        Assert.Equal("plant", next.Device.Running.Options.Mqtt.Host);
    }

    [Fact]
    public async Task From_safe_mode_a_bad_document_leads_back_to_safe_mode()
    {
        DeviceRun safe = await DeviceRun.StartAsync(Journal, DeviceRun.Local("""{"mqtt":{"host":"plant"},"web":{"port":0}}"""));
        await safe.DesireAsync("""{"version":"1","model":{"path":"broken"}}""");
        safe.AssertReported(ConfigState.RolledBack, ReportCode.TrialFailed, null, "/model");
        Assert.NotNull(safe.Device.SafeMode);
    }

    [Theory]
    [InlineData("""{"web":{"port":0}}""")]
    [InlineData("""{"mqtt":{"host":"plant"},"device":"a/b"}""")]
    [InlineData("""{"mqtt":{"host":"pl ant"}}""")]
    [InlineData("nonsense")]
    public void A_bad_local_file_without_a_known_broker_is_refused_with_every_error(string json)
    {
        LocalConfiguration local = DeviceRun.Local(json);
        Assert.Equal(local.Errors, Assert.Throws<InvalidConfigurationException>(() => ConfigurationBoot.Decide(local, RemoteJournal.Nowhere())).Errors);
    }

    [Fact]
    public async Task A_model_that_fails_at_a_start_leaves_the_device_steerable()
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal, DeviceRun.Local("""{"mqtt":{"host":"plant"},"model":{"path":"broken"}}"""));
        run.AssertReported(ConfigState.Rejected, ReportCode.Failed, null, "/model");
        await run.DesireAsync("""{"version":"1","model":{"path":null}}""");
        run.AssertReported(ConfigState.Applied, ReportCode.Ok, "1");
    }

    [Fact]
    public async Task A_model_that_fails_at_a_start_ends_a_program_that_nobody_could_steer() =>
        await Assert.ThrowsAsync<ConfigurationFailedException>(() => DeviceRun.StartAsync(Journal, DeviceRun.Local("""{"model":{"path":"broken"}}""")));

    [Fact]
    public async Task A_command_takes_the_last_good_document_back_and_it_is_not_tried_again()
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync("""{"version":"1"}""");
        await run.DesireAsync("""{"version":"2"}""");
        Assert.Equal("1", await run.RollBackAsync());
        await run.DesireAsync("""{"version":"2"}""");
        run.AssertReported(ConfigState.RolledBack, ReportCode.TrialFailed, "1", "");
        Assert.Equal("local", await run.RollBackAsync());
        Assert.Null(await run.RollBackAsync());
        Assert.Equal("local", (await DeviceRun.StartAsync(Journal)).Device.Running!.Options.Version);
    }

    [Fact]
    public async Task A_last_good_document_that_does_not_go_with_a_new_local_file_is_named_and_left_out()
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync("""{"version":"1","cameras":[{"trigger":{"mode":"edge","line":"barrier"}}]}""");
        DeviceRun next = await DeviceRun.StartAsync(Journal, DeviceRun.Local("""{"mqtt":{"host":"plant"},"gpio":{"inputs":[{"name":"other"}]}}"""));
        next.AssertReported(ConfigState.Rejected, ReportCode.Invalid, "local", "", "/cameras/0/trigger/line");
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_lets_nothing_be_tried()
    {
        bool full = false;
        DeviceRun run = await DeviceRun.StartAsync(Journal, step: name =>
        {
            if (full && name == "journal: write")
                throw new IOException("no space left on device");
        });
        full = true;
        await run.DesireAsync("""{"version":"1"}""");
        run.AssertReported(ConfigState.Rejected, ReportCode.Failed, "local", "");
        Assert.Equal(["local"], run.Device.Applied);
        full = false;
        await run.DesireAsync("""{"version":"1"}""");
        run.AssertReported(ConfigState.Applied, ReportCode.Ok, "1");
    }

    [Fact]
    public async Task A_damaged_journal_is_put_aside_and_local_configuration_runs()
    {
        DeviceRun run = await DeviceRun.StartAsync(Journal);
        await run.DesireAsync("""{"version":"1"}""");
        byte[] bytes = await File.ReadAllBytesAsync(Journal, TestContext.Current.CancellationToken);
        foreach (byte[] damaged in (byte[][])[[], bytes[..(bytes.Length / 2)], [.. bytes.Select(b => (byte)(b ^ 0x55))], "null"u8.ToArray(), "[]"u8.ToArray()])
        {
            await File.WriteAllBytesAsync(Journal, damaged, TestContext.Current.CancellationToken);
            Assert.Equal("local", (await DeviceRun.StartAsync(Journal)).Device.Running!.Options.Version);
        }
        Assert.True(File.Exists(Journal + ".damaged"));
    }
}
