using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Memory;

namespace Yolact.Edge.Vision.Tests.Engines.Memory;

public sealed class MemoryTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("yolact-proc-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void On_a_jetson_the_gpus_share_counts()
    {
        var probe = new MemoryProbe(_root.FullName, () => null);
        Write(residentKib: 102_400, nvMapKib: 204_800);
        MemoryReading before = probe.Read();
        Write(residentKib: 307_200, nvMapKib: 819_200);

        Assert.Equal(new MemoryUse(200 + 600, "rss+nvmap"), probe.Read().Since(before));
    }

    [Fact]
    public void On_a_discrete_gpu_its_memory_counts()
    {
        double gpu = 300;
        var probe = new MemoryProbe(_root.FullName, () => gpu);
        Write(residentKib: 102_400, nvMapKib: null);
        MemoryReading before = probe.Read();
        gpu = 1000;

        Assert.Equal(new MemoryUse(700, "rss+nvml"), probe.Read().Since(before));
    }

    [Fact]
    public void Elsewhere_the_process_itself_counts()
    {
        var probe = new MemoryProbe(_root.FullName, () => null);
        Write(residentKib: 102_400, nvMapKib: null);
        MemoryReading before = probe.Read();
        Write(residentKib: 153_600, nvMapKib: null);
        MemoryReading after = probe.Read();

        Assert.Equal(new MemoryUse(50, "rss"), after.Since(before));
        Assert.Equal(new MemoryUse(0, "rss"), before.Since(after));
        Assert.True(new MemoryProbe().Read().ResidentMib > 10);
    }

    [Fact]
    public void Every_step_of_a_budget_takes_less()
    {
        var budget = new MemoryBudget(1500);
        EngineLimits[] steps = [.. Enumerable.Range(0, MemoryBudget.Steps).Select(step => budget.Limits(step))];

        Assert.Equal(new EngineLimits(500, 750, CpuArena: true, 16), steps[0]);
        Assert.Equal(new EngineLimits(250, 375, CpuArena: true, 8), steps[1]);
        Assert.Equal(new EngineLimits(125, 187, CpuArena: false, 4), steps[2]);
        Assert.Equal(900, budget.Limits(workspaceMib: 900).WorkspaceMib);
        Assert.Equal(64, new MemoryBudget(128).Limits(2).WorkspaceMib);
        Assert.Throws<ArgumentOutOfRangeException>(() => budget.Limits(MemoryBudget.Steps));
    }

    private void Write(int residentKib, int? nvMapKib)
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "proc/self"));
        File.WriteAllText(Path.Combine(_root.FullName, "proc/self/status"), $"Name:\tyolact-edge\nVmRSS:\t  {residentKib} kB\n");
        File.WriteAllText(Path.Combine(_root.FullName, "proc/meminfo"), $"MemTotal: 8000000 kB\n{(nvMapKib is { } kib ? $"NvMapMemUsed: {kib} kB\n" : "")}");
    }
}
