using System.Globalization;
using Yolact.Edge.Capture.Cameras;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>The configured camera is there, with the mode that is asked for.</summary>
internal static class CameraCheck
{
    private const string Sensors = "/proc/device-tree/tegra-camera-platform/modules";

    public static Diagnosis Run(CheckContext context)
    {
        if (context.Options?.Cameras.FirstOrDefault(camera => camera.Active) is not { } camera)
            return Diagnosis.NotApplicable("which camera is not known without a configuration");
        return camera.Kind switch
        {
            CameraKind.Belt => Diagnosis.Ok("the simulated belt's"),
            CameraKind.Folder or CameraKind.Recording or CameraKind.File => Stored(context, camera),
            CameraKind.Usb => Usb(context, camera.Source!),
            CameraKind.Csi => Csi(context, camera),
            CameraKind.Rtsp => Diagnosis.NotApplicable("a network camera is tried when the appliance starts"),
            _ => Diagnosis.NotApplicable("a pipeline of one's own is tried when the appliance starts"),
        };
    }

    private static Diagnosis Stored(CheckContext context, CameraOptions camera)
    {
        string path = Path.GetFullPath(camera.Source!);
        return context.Tree.Exists(path)
            ? Diagnosis.Ok(path)
            : Diagnosis.Failed($"{path} is not there", $"Name another source for camera {camera.Name}.");
    }

    private static Diagnosis Usb(CheckContext context, string node)
    {
        // Names such as /dev/v4l/by-id/... are links to a numbered node.
        string target = context.Tree.TargetName(node);
        string? name = context.Tree.Text($"/sys/class/video4linux/{target}/name");
        if (context.Tree.Exists(node))
            return Diagnosis.Ok($"{node}: {name ?? "no V4L2 name"}");
        string[] others = [.. context.Tree.List("/sys/class/video4linux", "video*")
            .Select(path => $"/dev/{Path.GetFileName(path)} ({context.Tree.Text(path + "/name")})")];
        return Diagnosis.Failed($"{node} is not there; V4L2 has {(others.Length == 0 ? "no camera" : string.Join(", ", others))}",
            "Plug the camera in (dmesg says whether the kernel sees it), or name the right node, best below /dev/v4l/by-id.");
    }

    private static Diagnosis Csi(CheckContext context, CameraOptions camera)
    {
        if (!context.IsJetson)
            return Diagnosis.Failed("a CSI camera is configured, and this is no Jetson", "Use kind usb, rtsp or belt here.");
        string[] modules = [.. context.Tree.List(Sensors, "module*")
            .Where(module => context.Tree.Text(module + "/status") is null or "okay" or "ok")];
        List<Diagnosis> parts = [];
        parts.Add(camera.SensorId < modules.Length
            ? Diagnosis.Ok($"sensor {camera.SensorId}: {context.Tree.Text(modules[camera.SensorId] + "/badge") ?? "unnamed"}")
            : Diagnosis.Failed($"the device tree has {modules.Length} CSI sensors, number {camera.SensorId} is none of them",
                "Switch the sensor's overlay on: sudo /opt/nvidia/jetson-io/jetson-io.py, then restart."));
        if (context.Tree.IsLive || context.Tree.Exists("/dev"))
        {
            parts.Add(context.Tree.List("/dev", "video*").Count > 0
                ? Diagnosis.Ok($"{context.Tree.List("/dev", "video*").Count} video nodes")
                : Diagnosis.Failed("no /dev/video node: the kernel found no sensor",
                    "Check the ribbon cable's seat and side; dmesg | grep -i imx says why the sensor's driver gave up."));
        }
        parts.Add(context.Tree.Exists(ArgusSocket.Path)
            ? Diagnosis.Ok("nvargus-daemon listens")
            : Diagnosis.Failed($"nvargus-daemon does not listen at {ArgusSocket.Path}",
                "systemctl restart nvargus-daemon; journalctl -u nvargus-daemon says why it ended."));
        parts.Add(Mode(context, camera));
        return Diagnosis.Worst(parts);
    }

    // Sensor modes stand in the device tree beside the sensor's driver, as texts: mode0/active_w, active_h, max_framerate (in
    // 1e-6 Hz).
    private static Diagnosis Mode(CheckContext context, CameraOptions camera)
    {
        string? sensor = context.Tree.Text($"{Sensors}/module{camera.SensorId}/drivernode0/sysfs-device-tree")
            ?? context.Tree.Text($"{Sensors}/module{camera.SensorId}/drivernode0/proc-device-tree");
        string? node = sensor?.Replace("/sys/firmware/devicetree/base", "/proc/device-tree", StringComparison.Ordinal);
        IReadOnlyList<string> modes = node is null ? [] : context.Tree.List(node, "mode*");
        string[] described = [.. modes.Select(mode => Describe(context.Tree, mode)).OfType<string>()];
        if (described.Length == 0)
            return Diagnosis.NotApplicable("the device tree does not say which modes the sensor has");
        string all = $"modes {string.Join(", ", described.Select((mode, i) => $"{i}: {mode}"))}";
        return camera.SensorMode is { } wanted && wanted >= described.Length
            ? Diagnosis.Failed($"{all}; mode {wanted} is none of them", "Set sensor_mode to one of them, or leave it out.")
            : Diagnosis.Ok(all);
    }

    private static string? Describe(MachineTree tree, string mode)
    {
        if (tree.Text(mode + "/active_w") is not { } width || tree.Text(mode + "/active_h") is not { } height)
            return null;
        string rate = tree.Number(mode + "/max_framerate") is { } microHertz
            ? string.Create(CultureInfo.InvariantCulture, $" at {microHertz / 1e6:0.##} fps")
            : "";
        return $"{width} x {height}{rate}";
    }
}
