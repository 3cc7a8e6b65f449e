using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Tests.Engines;

/// <summary>The whole way with a provider that is simulated in the native library: choice, child process, cache, session, warm-up.</summary>
public sealed partial class SimulatedTensorRtTests : IDisposable
{
    private const int KillSignal = 9;
    private const int Graphs = 2; // the bundled model's main and re-scoring graphs

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SimulatedMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task An_engine_is_built_in_a_child_once_and_read_from_then_on()
    {
        JsonElement first = await Try();
        Assert.Equal("Tensorrt", first.GetProperty("choice").GetProperty("provider").GetString());
        Assert.Equal(JsonValueKind.Number, first.GetProperty("build_seconds").ValueKind);
        Assert.Equal(Graphs, _machine.LogLines("built").Length);
        Assert.Equal(Graphs, _machine.LogLines("read").Length); // by the process that runs it
        Assert.Contains("tensorrt trt_fp16_enable=1", _machine.LogLines("tensorrt"));
        Assert.Contains("tensorrt trt_max_workspace_size=524288000", _machine.LogLines("tensorrt"));
        Assert.Contains("cuda gpu_mem_limit=786432000", _machine.LogLines("cuda"));

        JsonElement second = await Try();
        Assert.Equal(JsonValueKind.Null, second.GetProperty("build_seconds").ValueKind);
        Assert.Equal(first.GetProperty("engine_id").GetString(), second.GetProperty("engine_id").GetString());
        Assert.Equal(Graphs, _machine.LogLines("built").Length);

        _machine.Nvidia(tensorRt: 101600); // an update of the system
        JsonElement third = await Try();
        Assert.Equal(JsonValueKind.Number, third.GetProperty("build_seconds").ValueKind);
        Assert.Equal(2 * Graphs, _machine.LogLines("built").Length);
        Assert.Single(Directory.GetDirectories(_machine.Engines)); // the old one is gone
    }

    [Fact]
    public async Task One_device_builds_for_another_of_its_kind()
    {
        (int code, string output, string errors) = await _machine.RunAsync("engine", "build");
        Assert.True(code == 0, errors);
        Assert.Contains("built in", output, StringComparison.Ordinal);
        string archive = Path.Combine(_machine.Engines, "..", "engine.tar.gz");
        Assert.Equal(0, (await _machine.RunAsync("engine", "export", "yolact_belt", "-o", archive)).Code);
        JsonElement listed = JsonDocument.Parse((await _machine.RunAsync("engine", "list", "--json")).Output).RootElement[0];
        Assert.Equal("10.3.0", listed.GetProperty("manifest").GetProperty("key").GetProperty("tensor_rt").GetString());
        Assert.Equal("Orin, sm_87, 8 multiprocessors", listed.GetProperty("manifest").GetProperty("key").GetProperty("gpu").GetString());

        Assert.Equal(0, (await _machine.RunAsync("engine", "purge", "--all")).Code);
        Assert.Equal(0, (await _machine.RunAsync("engine", "import", archive)).Code);
        Assert.Equal(JsonValueKind.Null, (await Try()).GetProperty("build_seconds").ValueKind);
        Assert.Equal(Graphs, _machine.LogLines("built").Length);

        _machine.Nvidia(tensorRt: 101600);
        (code, _, errors) = await _machine.RunAsync("engine", "import", archive);
        Assert.Equal(2, code);
        Assert.Contains("tensorrt is 10.3.0, here it is 10.16.0", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_does_not_load_is_passed_over_with_its_own_words()
    {
        _machine.Environment["SIMULATED_BROKEN"] = "tensorrt cuda";
        JsonElement report = await Try();
        JsonElement choice = report.GetProperty("choice");
        Assert.Equal("Cpu", choice.GetProperty("provider").GetString());
        string[] reasons = [.. choice.GetProperty("passed_over").EnumerateArray().Select(one => one.GetProperty("reason").GetString()!)];
        Assert.Contains("libnvinfer.so.10", reasons[0], StringComparison.Ordinal);
        Assert.Contains("driver version is insufficient", reasons[1], StringComparison.Ordinal);

        _machine.Environment["SIMULATED_BROKEN"] = "tensorrt";
        Assert.Equal("Cuda", (await Try()).GetProperty("choice").GetProperty("provider").GetString());

        (int code, _, string errors) = await _machine.RunAsync("engine", "try", "--set", "detector/engine/provider=tensorrt");
        Assert.Equal(2, code);
        Assert.Contains("libnvinfer.so.10", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("killed", 1, "killed (signal 9)")]
    [InlineData("fails", 2, "no kernel for node top")]
    [InlineData("full", 2, "No space left on device")]
    public async Task A_build_that_fails_leaves_another_provider_to_run(string how, int code, string reason)
    {
        _machine.Environment["SIMULATED_BUILD"] = how;
        JsonElement choice = (await Try()).GetProperty("choice");
        Assert.Equal("Cuda", choice.GetProperty("provider").GetString());
        Assert.Contains(reason, choice.GetProperty("passed_over")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_machine.Engines));

        (int exit, _, string errors) = await _machine.RunAsync("engine", "build");
        Assert.Equal(code, exit);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_child_gives_way_for_memory_and_ends_with_its_parent()
    {
        _machine.Environment["SIMULATED_BUILD"] = "hangs";
        using Process parent = _machine.Start("engine", "build");
        int child = 0;
        await Until(() => (child = ChildOf(parent.Id)) != 0 && Directory.Exists(_machine.Engines)
            && Directory.GetFiles(_machine.Engines, "*.engine", SearchOption.AllDirectories).Length > 0, "the build did not begin");
        Assert.Equal("1000", File.ReadAllText($"/proc/{child}/oom_score_adj").Trim());

        Assert.Equal(0, kill(parent.Id, KillSignal));
        await Until(() => !Directory.Exists($"/proc/{child}") || File.ReadAllText($"/proc/{child}/stat").Contains(") Z", StringComparison.Ordinal),
            "the child outlived its parent");

        // The lock is free, and what was half-built is cleared away.
        _machine.Environment["SIMULATED_BUILD"] = "";
        (int code, _, string errors) = await _machine.RunAsync("engine", "build");
        Assert.True(code == 0, errors);
        Assert.Equal(2, Directory.GetFileSystemEntries(_machine.Engines).Length); // the entry and the lock
    }

    [Fact]
    public async Task Two_processes_build_once()
    {
        Task<(int Code, string Output, string Errors)> first = _machine.RunAsync("engine", "build"), second = _machine.RunAsync("engine", "build");
        Assert.Equal((0, 0), ((await first).Code, (await second).Code));
        Assert.Equal(Graphs, _machine.LogLines("built").Length);
    }

    [Fact]
    public async Task An_older_library_is_refused_by_name()
    {
        SharedObject.Compile(_machine.Library, """
            static const void* get_api(unsigned version) { return 0; }
            static const char* get_version(void) { return "1.24.0"; }
            static const struct { const void* (*api)(unsigned); const char* (*version)(void); } base = { get_api, get_version };
            const void* OrtGetApiBase(void) { return &base; }
            """);
        foreach (string command in (string[])["status", "try", "build"])
        {
            (int code, string output, string errors) = await _machine.RunAsync("engine", command);
            Assert.Equal(2, code);
            Assert.Contains(_machine.Library, output + errors, StringComparison.Ordinal);
            Assert.Contains("it is ONNX Runtime 1.24.0", output + errors, StringComparison.Ordinal);
        }
    }

    private async Task<JsonElement> Try()
    {
        (int code, string output, string errors) = await _machine.RunAsync("engine", "try", "--json");
        Assert.True(code == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }

    private static int ChildOf(int parent)
    {
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            try
            {
                if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int pid))
                    continue;
                // proc(5): the fourth field, behind the name in brackets.
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) == parent)
                    return pid;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile.
            }
        }
        return 0;
    }

    private static async Task Until(Func<bool> condition, string otherwise)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, otherwise);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
