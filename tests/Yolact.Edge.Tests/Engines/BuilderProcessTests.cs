using System.Globalization;
using System.Runtime.InteropServices;
using Yolact.Edge.Engines;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Tests.Engines;

/// <summary>Builds in real child processes that end in every way.</summary>
public sealed partial class BuilderProcessTests : IDisposable
{
    private const int KillSignal = 9;

    private readonly EngineFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void The_child_gets_the_request_and_the_folder()
    {
        BuilderProcess builder = Shell("read request; echo \"$request\" > \"$1/parts.engine\"");
        CachedEngine engine = _fixture.Ensure(_fixture.Key(), builder).Engine;
        string request = File.ReadAllText(Path.Combine(engine.Folder, "parts.engine"));
        Assert.Contains(_fixture.Model.Main, request, StringComparison.Ordinal);
        Assert.Contains("memory_budget_mib", request, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_child_is_quoted()
    {
        EngineException error = Assert.Throws<EngineException>(() => _fixture.Ensure(_fixture.Key(), Shell("echo 'error: no kernel for node top.' >&2; exit 2")));
        Assert.True(error.Lasting);
        Assert.Contains("exit code 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("no kernel for node top", error.Message, StringComparison.Ordinal);
        Assert.Empty(_fixture.Entries());
    }

    [Fact]
    public void A_killed_child_leaves_this_process_and_the_cache_as_they_were()
    {
        EngineKey other = _fixture.Key() with { ModelSha256 = "other" };
        _fixture.Ensure(other, new SimulatedBuilder());
        BuilderProcess builder = Shell("echo half > \"$1/parts.engine\"; kill -9 $$");

        EngineException error = Assert.Throws<EngineException>(() => _fixture.Ensure(_fixture.Key(), builder));

        Assert.False(error.Lasting);
        foreach (string part in (string[])["killed", "signal 9", "memory_budget_mib", "engine import"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal([other.Id()], _fixture.Entries());
        Assert.True(_fixture.Ensure(_fixture.Key(), new SimulatedBuilder()).Built); // the lock is free again
    }

    [Fact]
    public async Task A_child_that_is_killed_from_outside_is_noticed()
    {
        string pidFile = Path.Combine(_fixture.Root, "pid");
        BuilderProcess builder = Shell($"echo $$ > {pidFile}.part; mv {pidFile}.part {pidFile}; exec sleep 1000");
        Task<EngineException> failing = Task.Run(() => Assert.Throws<EngineException>(() => _fixture.Ensure(_fixture.Key(), builder)), TestContext.Current.CancellationToken);
        int pid = WaitForPid(pidFile);

        Assert.Equal(0, kill(pid, KillSignal));

        Assert.Contains("killed", (await failing).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_that_is_not_wanted_any_more_ends()
    {
        string pidFile = Path.Combine(_fixture.Root, "pid");
        BuilderProcess builder = Shell($"echo $$ > {pidFile}.part; mv {pidFile}.part {pidFile}; exec sleep 1000");
        using var stop = new CancellationTokenSource();
        Task building = Task.Run(() => _fixture.Cache().Ensure(_fixture.Key(), _fixture.Request(), builder, null, stop.Token), TestContext.Current.CancellationToken);
        int pid = WaitForPid(pidFile);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => building);
        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.Empty(_fixture.Entries());
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        EngineException error = Assert.Throws<EngineException>(() => _fixture.Ensure(_fixture.Key(), new BuilderProcess(["/nowhere/yolact-edge", "engine", "worker"])));
        Assert.Contains("/nowhere/yolact-edge", error.Message, StringComparison.Ordinal);
    }

    private static BuilderProcess Shell(string script) => new(["/bin/sh", "-c", script, "builder"]);

    private static int WaitForPid(string file)
    {
        Assert.True(SpinWait.SpinUntil(() => File.Exists(file), TimeSpan.FromMinutes(1)), "the child did not start");
        return int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
