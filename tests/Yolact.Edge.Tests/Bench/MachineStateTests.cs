using Yolact.Edge.Bench;

namespace Yolact.Edge.Tests.Bench;

public sealed class MachineStateTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("yolact-machine-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_jetson_says_its_board_power_mode_and_clocks()
    {
        Write("proc/device-tree/model", "NVIDIA Jetson Orin NX Engineering Reference Developer Kit\0");
        Write("var/lib/nvpmodel/status", "pmode:0002\n");
        Write("etc/nvpmodel.conf", "< POWER_MODEL ID=0 NAME=MAXN >\n< POWER_MODEL ID=2 NAME=15W >\n");
        Write("sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq", "1190400\n");
        Write("sys/devices/system/cpu/cpufreq/policy4/scaling_cur_freq", "1984000\n");
        Write("sys/class/devfreq/17000000.gpu/cur_freq", "624750000\n");
        Write("proc/loadavg", "1.25 0.90 0.40 2/300 999\n");

        MachineState state = MachineState.Read(_root);

        Assert.StartsWith("NVIDIA Jetson Orin NX", state.Name, StringComparison.Ordinal);
        Assert.Equal(("15W", 1984.0, 624.75, 1.25), (state.PowerMode, state.CpuMhz, state.GpuMhz, state.Load));
    }

    [Fact]
    public void A_machine_that_says_nothing_is_described_all_the_same()
    {
        MachineState state = MachineState.Read(_root);

        Assert.NotEmpty(state.Name);
        Assert.Equal((null, null, null, null), (state.PowerMode, state.CpuMhz, state.GpuMhz, state.Load));
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
