using Yolact.Edge.Telemetry;

namespace Yolact.Edge.Tests.Telemetry;

public sealed class MachineReaderTests
{
    [Fact]
    public void A_jetson_says_how_it_fares()
    {
        using var tree = new RecordedTree("orin-nx.txt");
        MachineFigures figures = new MachineReader(tree.Root).Read();
        Assert.Equal(0.455, figures.GpuLoad);
        Assert.Equal(1280, figures.GpuMemoryMiB);
        Assert.Equal(8192, figures.MemoryAvailableMiB);
        Assert.Equal(new Dictionary<string, double> { ["cpu-thermal"] = 51.5, ["gpu-thermal"] = 99.5 }, figures.TemperaturesC);
        Assert.Equal(["gpu-thermal"], figures.HotZones);
        Assert.Equal(new Dictionary<string, double> { ["VDD_IN"] = 6.75, ["VDD_CPU_GPU_CV"] = 2 }, figures.PowerW);
        Assert.Equal(3, figures.OverCurrentEvents);
        Assert.Equal(0.25, figures.CpuCappedShare);
    }

    [Fact]
    public void A_pc_leaves_out_what_it_does_not_have()
    {
        using var tree = new RecordedTree("pc.txt");
        MachineFigures figures = new MachineReader(tree.Root).Read();
        Assert.Equal(40, figures.TemperaturesC["x86_pkg_temp"]);
        Assert.Equal(4096, figures.MemoryAvailableMiB);
        Assert.Null(figures.GpuLoad);
        Assert.Null(figures.GpuMemoryMiB);
        Assert.Null(figures.OverCurrentEvents);
        Assert.Null(figures.CpuCappedShare);
        Assert.Empty(figures.PowerW);
        Assert.Empty(figures.HotZones);
    }

    [Fact]
    public void An_empty_or_garbled_tree_gives_nothing_and_never_throws()
    {
        using var tree = new RecordedTree("orin-nx.txt");
        foreach (string file in Directory.EnumerateFiles(tree.Root, "*", SearchOption.AllDirectories))
            File.WriteAllText(file, "\0nonsense\n");
        MachineFigures garbled = new MachineReader(tree.Root).Read();
        Assert.Null(garbled.GpuLoad);
        Assert.Empty(garbled.TemperaturesC);
        Assert.Null(new MachineReader("/nowhere").Read().MemoryTotalMiB);
    }

    [Fact]
    public void This_machine_has_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only.");
        Assert.True(new MachineReader().Read().MemoryTotalMiB > 0);
    }
}
