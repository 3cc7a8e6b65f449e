using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>The current user may open what the configuration needs.</summary>
internal static class PermissionsCheck
{
    private static readonly string[] JetsonGpu = ["/dev/nvmap", "/dev/nvhost-ctrl-gpu", "/dev/dri/renderD128"];

    public static Diagnosis Run(CheckContext context)
    {
        if (context.Options is not { } options)
            return Diagnosis.NotApplicable("what is needed is not known without a configuration");
        (string Path, FileAccess Access)[] needed = [.. Needed(context, options).Where(file => context.Tree.Exists(file.Path))];
        string[] refused = [.. needed.Where(file => !context.MayOpen(context.Tree.Locate(file.Path), file.Access))
            .Select(file => file.Path)];
        string user = Environment.UserName;
        if (refused.Length > 0)
        {
            return Diagnosis.Failed($"{user} may not open {string.Join(", ", refused)}",
                "Run 'sudo -u yolact-edge yolact-edge doctor' to see it as the service does; add the user to the groups gpio, video"
                + " and render, or correct the files' owner.");
        }
        return needed.Length == 0
            ? Diagnosis.NotApplicable("this configuration opens no device or file of this machine")
            : Diagnosis.Ok($"{user} may open {string.Join(", ", needed.Select(file => file.Path))}");
    }

    private static IEnumerable<(string Path, FileAccess Access)> Needed(CheckContext context, ApplianceOptions options)
    {
        foreach (CameraOptions camera in options.Cameras.Where(camera => camera.Active))
        {
            if (camera.Kind == CameraKind.Usb)
                yield return (camera.Source!, FileAccess.ReadWrite);
            else if (camera.Kind is CameraKind.Folder or CameraKind.Recording or CameraKind.File)
                yield return (Path.GetFullPath(camera.Source!), FileAccess.Read);
            else if (camera.Kind == CameraKind.Csi)
                yield return (ArgusSocket.Path, FileAccess.ReadWrite);
        }
        if (options.Gpio.Driver is GpioDriverKind.CharacterDevice or GpioDriverKind.Libgpiod)
        {
            foreach (string chip in context.Tree.List("/dev", "gpiochip*"))
                yield return (chip, FileAccess.ReadWrite);
        }
        else if (options.Gpio.Driver == GpioDriverKind.Expander)
        {
            yield return ($"/dev/i2c-{options.Gpio.Expander?.Bus ?? 1}", FileAccess.ReadWrite);
        }
        if (context.IsJetson)
        {
            foreach (string node in JetsonGpu)
                yield return (node, FileAccess.ReadWrite);
        }
        MqttOptions mqtt = options.Mqtt;
        foreach (string? secret in (string?[])[mqtt.PasswordFile, mqtt.Tls?.CertificateFile, mqtt.Tls?.KeyFile, mqtt.Tls?.CaFile])
        {
            if (Path.IsPathRooted(secret))
                yield return (secret, FileAccess.Read);
        }
        if (Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } state)
            yield return (state, FileAccess.ReadWrite);
    }
}
