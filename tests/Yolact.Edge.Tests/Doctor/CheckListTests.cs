using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Configuration;
using Yolact.Edge.Doctor;
using Yolact.Edge.Messaging;
using Yolact.Edge.Tests.Telemetry;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Tests.Doctor;

/// <summary>
/// A healthy Jetson has nothing to complain about, and each illness is named by the one check that it concerns.
/// </summary>
public sealed class CheckListTests
{
    private const long GiB = 1L << 30;

    private static readonly ApplianceOptions Plant = new()
    {
        Device = "edge-7",
        Cameras = [new CameraOptions { Kind = CameraKind.Csi, SensorMode = 1 }],
        Gpio = new GpioOptions
        {
            Driver = GpioDriverKind.CharacterDevice,
            Inputs = [new InputLineOptions { Name = "barrier", Chip = "tegra234-gpio", Line = "PQ.05" }],
            Outputs = [new OutputLineOptions { Name = "reject", Line = "PQ.06" }],
        },
        Mqtt = new MqttOptions { Host = "broker.plant", Tls = new TlsOptions() },
    };

    private static readonly GpioChip[] Chips =
    [
        new("/dev/gpiochip0", "tegra234-gpio",
            [new(105, "PQ.05", false, ""), new(106, "PQ.06", true, "yolact-edge"), new(85, "PZ.03", false, "")]),
        new("/dev/gpiochip1", "tegra234-gpio-aon", [new(0, "PAA.00", true, "fixed-regulator")]),
    ];

    public static TheoryData<string, string, string, string> Illnesses => new()
    {
        { "jetpack", "etc/nv_tegra_release", "# R35 (release), REVISION: 4.1, GCID: 33958178", "JetPack 5.1" },
        { "jetpack", "etc/nv_tegra_release", "# R36 (release), REVISION: 3.0, GCID: 36106755", "JetPack 6.0" },
        { "jetpack", "etc/nv_tegra_release", "nonsense", "names no release" },
        { "memory", "proc/meminfo", "MemTotal: 4000000 kB\nMemAvailable: 900000 kB", "879 MiB of 3906 MiB" },
        { "camera", "proc/device-tree/tegra-camera-platform/modules/module0/status", "disabled", "0 CSI sensors" },
        { "pinmux", "sys/kernel/debug/pinctrl/2430000.pinmux/pinmux-pins",
            "pin 105 (SOC_GPIO32_PQ5): 3160000.i2c (GPIO UNCLAIMED) function i2c3 group soc_gpio32_pq5", "function i2c3" },
        { "storage_health", "sys/block/mmcblk0/device/life_time", "0x09 0x02", "80 to 90 %" },
        { "storage_health", "sys/block/mmcblk0/device/life_time", "0x0b 0x02", "life used up" },
        { "storage_health", "sys/block/mmcblk1/size", "62333952", "memory card" },
        { "storage_health", "sys/class/nvme/nvme0/state", "dead", "dead" },
        { "power_mode", "var/lib/nvpmodel/status", "pmode:0000", "mode 0: 15W" },
        { "power_mode", "var/lib/nvpmodel/status", "", "has not said" },
        { "throttling", "sys/class/thermal/thermal_zone0/temp", "99500", "cpu-thermal 99.5 C" },
        { "throttling", "sys/class/hwmon/hwmon1/oc1_event_cnt", "4", "4 times" },
        { "throttling", "sys/devices/system/cpu/cpufreq/policy0/scaling_max_freq", "864000", "capped" },
        { "unit_hardening", "etc/systemd/system/yolact-edge.service.d/20-local.conf", "[Service]\nProtectSystem=no\nUser=root",
            "User (should be a user other than root), ProtectSystem" },
    };

    public static TheoryData<string, string, string> Losses => new()
    {
        { "camera", "tmp/argus_socket", "nvargus-daemon does not listen" },
        { "camera", "dev/video0", "no /dev/video node" },
        { "tensorrt", "usr/lib/aarch64-linux-gnu/libnvinfer.so*", "no TensorRT" },
        { "cudnn", "usr/lib/aarch64-linux-gnu/libcudnn.so*", "no cuDNN" },
        { "cuda", "usr/local/cuda/targets/aarch64-linux/lib/libcudart*", "no CUDA" },
        { "unit_hardening", "etc/systemd/system/yolact-edge.service.d/*", "without the Jetson's drop-in" },
    };

    [Fact]
    public async Task A_healthy_jetson_has_nothing_to_complain_about()
    {
        using var tree = new RecordedTree("orin-nano.txt");
        Finding[] findings = await RunAsync(Healthy(tree));
        Assert.Equal(CheckList.Names, findings.Select(finding => finding.Check));
        Assert.All(findings, finding => Assert.True(finding.Verdict == Verdict.Ok && finding.Advice is null, finding.ToString()));
        Assert.Contains("Jetson Linux 36.4.3, JetPack 6.1 or 6.2", Found(findings, "jetpack"), StringComparison.Ordinal);
        Assert.Contains("modes 0: 3280 x 2464 at 21 fps, 1: 1920 x 1080 at 30 fps", Found(findings, "camera"),
            StringComparison.Ordinal);
        Assert.Equal("TensorRT 10.3.0", Found(findings, "tensorrt"));
        Assert.Equal("mode 2: MAXN_SUPER", Found(findings, "power_mode"));
    }

    [Theory, MemberData(nameof(Illnesses))]
    public async Task An_illness_is_named_by_its_check_alone(string check, string file, string content, string found)
    {
        using var tree = new RecordedTree("orin-nano.txt");
        string path = Path.Combine(tree.Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content + "\n");
        Complains(await RunAsync(Healthy(tree)), check, found);
    }

    [Theory, MemberData(nameof(Losses))]
    public async Task What_is_missing_is_named_by_its_check(string check, string files, string found)
    {
        using var tree = new RecordedTree("orin-nano.txt");
        string path = Path.Combine(tree.Root, files);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path)))
            File.Delete(file);
        Complains(await RunAsync(Healthy(tree)), check, found);
    }

    [Fact]
    public async Task What_the_running_machine_answers_is_judged()
    {
        using var tree = new RecordedTree("orin-nano.txt");
        CheckContext healthy = Healthy(tree);
        Complains(await RunAsync(healthy with { TryBroker = (_, _, _) => Task.FromResult<string?>("nothing listens there") }),
            "broker", "nothing listens there");
        Complains(await RunAsync(healthy with { IsClockSynchronized = () => false }), "clock", "not synchronised");
        Complains(await RunAsync(healthy with { Space = _ => (100 << 20, GiB) }), "storage_space", "100 MiB of 1024 MiB");
        Complains(await RunAsync(healthy with { HasElement = element => element != "nvarguscamerasrc" }), "gstreamer",
            "lacks nvarguscamerasrc");
        Complains(await RunAsync(healthy with { LoadRuntime = _ => ("1.31.1", ["CPUExecutionProvider"]) }), "onnxruntime", "no TensorRT");
        Complains(await RunAsync(healthy with { LoadRuntime = _ => throw new EngineException("There is no libonnxruntime.so.") }),
            "onnxruntime", "no libonnxruntime.so");
        GpioChipLine held = Chips[0].Lines[0] with { IsUsed = true, Consumer = "gpioset" };
        Complains(await RunAsync(healthy with { Chips = () => [Chips[0] with { Lines = [held, Chips[0].Lines[1]] }] }),
            "gpio_lines", "held by gpioset");
        Complains(await RunAsync(healthy with { Chips = () => [Chips[0], Chips[1] with { Lines = [Chips[0].Lines[1]] }] }),
            "gpio_lines", "tegra234-gpio and tegra234-gpio-aon");
        string etc = Path.Combine(tree.Root, "etc/yolact-edge");
        Complains(await RunAsync(healthy with { MayOpen = (path, _) => path != etc }), "configuration", "may not read /etc/yolact-edge");
        string nvmap = Path.Combine(tree.Root, "dev/nvmap");
        Complains(await RunAsync(healthy with { MayOpen = (path, _) => path != nvmap }), "permissions", "/dev/nvmap");
    }

    [Fact]
    public async Task Chips_that_cannot_be_opened_concern_chips_and_lines()
    {
        using var tree = new RecordedTree("orin-nano.txt");
        Finding[] findings = await RunAsync(
            Healthy(tree) with { Chips = () => throw new IOException("Cannot open /dev/gpiochip0: Permission denied.") });
        Assert.Equal(["gpio_chips", "gpio_lines"], findings.Where(finding => finding.Verdict == Verdict.Failed)
            .Select(finding => finding.Check));
    }

    [Fact]
    public async Task A_pc_with_the_belt_needs_nothing_of_a_jetson()
    {
        using var tree = new RecordedTree("pc.txt");
        Finding[] findings = await RunAsync(new CheckContext(tree.Root, new ApplianceOptions())
        {
            IsClockSynchronized = () => true,
            Space = _ => (9 * GiB, 10 * GiB),
        });
        Assert.All(findings, finding => Assert.NotEqual(Verdict.Failed, finding.Verdict));
        string[] idle = [.. findings.Where(finding => finding.Verdict == Verdict.NotApplicable).Select(finding => finding.Check)];
        string[] jetsons =
        [
            "jetpack", "tensorrt", "cuda", "cudnn", "engine_cache", "gstreamer", "gpio_chips", "gpio_lines", "pinmux", "power_mode",
            "unit_hardening",
        ];
        Assert.Empty(jetsons.Except(idle));
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_used_is_a_finding_and_the_machine_is_looked_at_all_the_same()
    {
        using var tree = new RecordedTree("orin-nano.txt");
        Finding[] findings = await RunAsync(Healthy(tree, null) with
        {
            Source = "appliance.json",
            Errors = [new ConfigurationError("/mqtt/port", "1..65535, not 0")],
        });
        Complains(findings, "configuration", "appliance.json: /mqtt/port: 1..65535, not 0");
        Assert.Equal(Verdict.Ok, findings.Single(finding => finding.Check == "jetpack").Verdict);
    }

    [Fact]
    public async Task A_garbled_machine_never_throws()
    {
        using var tree = new RecordedTree("orin-nano.txt");
        foreach (string file in Directory.EnumerateFiles(tree.Root, "*", SearchOption.AllDirectories))
            File.WriteAllText(file, "\0nonsense = [[|\n");
        Assert.Equal(CheckList.Names.Count(), (await RunAsync(Healthy(tree))).Length);
        Assert.Equal(CheckList.Names.Count(), (await RunAsync(Healthy(tree) with { Space = _ => null })).Length);
    }

    private static CheckContext Healthy(RecordedTree tree) => Healthy(tree, Plant);

    private static CheckContext Healthy(RecordedTree tree, ApplianceOptions? options) => new(tree.Root, options)
    {
        Chips = () => Chips,
        HasElement = _ => true,
        TryBroker = (_, _, _) => Task.FromResult<string?>(null),
        IsClockSynchronized = () => true,
        Space = _ => (20 * GiB, 100 * GiB),
        MayOpen = (_, _) => true,
        LoadRuntime = _ => ("1.31.1", ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"]),
    };

    private static async Task<Finding[]> RunAsync(CheckContext context) =>
        await CheckList.RunAsync(context, TestContext.Current.CancellationToken)
            .ToArrayAsync(TestContext.Current.CancellationToken);

    private static string Found(Finding[] findings, string check) => findings.Single(finding => finding.Check == check).Found;

    private static void Complains(Finding[] findings, string check, string found)
    {
        Finding[] complaints = [.. findings
            .Where(finding => finding.Verdict is Verdict.Warning or Verdict.Failed && finding.Check == check)];
        Finding complaint = Assert.Single(complaints);
        Assert.Contains(found, complaint.Found, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(complaint.Advice));
        // A missing library makes the engine cache idle, and a chip that is named otherwise loses its lines: nothing else may
        // complain.
        Assert.DoesNotContain(findings, finding => finding.Verdict is Verdict.Warning or Verdict.Failed
            && finding.Check != check);
    }
}
