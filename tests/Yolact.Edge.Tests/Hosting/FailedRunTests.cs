using System.Text.Json;
using Yolact.Edge.Hosting;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>How a run ended badly is known to the next one, and to whoever listens to it.</summary>
public sealed class FailedRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-failed-");

    private string State => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("watchdog", "KILL", "(watchdog)")]
    [InlineData("oom-kill", "KILL", "(oom-kill)")]
    [InlineData("core-dump", "SEGV", "signal SEGV")]
    [InlineData("exit-code", "134", "exit code 134")]
    [InlineData("timeout", "TERM", "(timeout)")]
    [InlineData("start-limit-hit", "0", "start-limit-hit (0)")]
    public void What_systemd_says_stays_until_it_was_told(string result, string status, string words)
    {
        FailedRun? failed = FailedRun.Of(Environment(result, status));
        Assert.Equal(new(result, status), failed);
        failed!.Leave(State);

        Assert.Equal(failed, FailedRun.Read(State));
        Assert.Contains(words, failed.Words, StringComparison.Ordinal);
        // A run that ended before it told would be no reason to be silent.
        Assert.Equal(failed, FailedRun.Read(State));
        FailedRun.Forget(State);
        Assert.Null(FailedRun.Read(State));
    }

    [Theory]
    [InlineData("success", "0")]
    [InlineData("exit-code", "75")]
    [InlineData("signal\nevil", "KILL")]
    [InlineData(null, null)]
    public void An_end_in_order_a_restart_that_was_asked_for_and_nonsense_are_no_failed_run(string? result, string? status) =>
        Assert.Null(FailedRun.Of(Environment(result, status)));

    [Theory]
    [InlineData("")]
    [InlineData("watchdog")]
    [InlineData("watchdog KILL and more")]
    [InlineData("../x !")]
    public void A_damaged_file_is_taken_away_and_says_nothing(string content)
    {
        string file = Path.Combine(State, "failed-run");
        File.WriteAllText(file, content);

        Assert.Null(FailedRun.Read(State));
        FailedRun.Forget(State);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task The_next_run_tells_it_by_an_event()
    {
        await using RunningProgram program = await RunningProgram.CreateAsync(15883);
        string state = Path.Combine(program.Folder, "state");
        new FailedRun("watchdog", "KILL").Leave(state);
        program.Start($$"""
            { "version": "local", "device": "bench", "mqtt": { "host": "127.0.0.1", "port": {{program.Port}} }, "web": { "enabled": false },
              "model": { "path": {{JsonSerializer.Serialize(TinyModel.Write(program.Folder, "tiny").Main)}} } }
            """);

        JsonElement message = await program.MessageAsync("events", one => one.GetProperty("event").GetString() == "run_failed");

        Assert.Equal("error", message.GetProperty("severity").GetString());
        Assert.Contains("(watchdog)", message.GetProperty("message").GetString(), StringComparison.Ordinal);
        await program.DetectionsAsync("local");
        Assert.Empty(Directory.GetFiles(state, "failed-run"));
    }

    private static Func<string, string?> Environment(string? result, string? status) => name => name switch
    {
        "SERVICE_RESULT" => result,
        "EXIT_STATUS" => status,
        _ => null,
    };
}
