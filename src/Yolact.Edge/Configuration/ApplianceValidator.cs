using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Configuration;

/// <summary>Runs every rule over a configuration; what files and devices exist is not looked at, but for certificates.</summary>
public static class ApplianceValidator
{
    private const int MaxCameras = 16;
    private const int MaxRules = 64;
    private const int MaxVersionLength = 64;

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public static void Validate(ApplianceOptions options, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        if (string.IsNullOrWhiteSpace(options.Version) || options.Version.Length > MaxVersionLength || options.Version.Any(char.IsControl))
            report("/version", $"1 to {MaxVersionLength} printable characters");
        if (!TopicName.IsValid(options.Device))
            report("/device", TopicName.Rule);
        Cameras(options, report);
        GpioOptionsValidator.Validate(options.Gpio, "/gpio", report);
        options.Lines.Validate(options.Gpio, "/lines", report);
        if (options.Lines.Strobe is not null && options.Cameras.Any(camera => camera.Active && camera.Trigger.Mode == TriggerMode.FreeRun))
            report("/lines/strobe", "null where the active camera runs freely: there is no edge that the light could follow");
        options.Model.Validate("/model", report);
        foreach (string error in options.Detector.Validate("/detector"))
        {
            int colon = error.IndexOf(": ", StringComparison.Ordinal);
            report(error[..colon].Replace('.', '/'), error[(colon + 2)..]);
        }
        Rules(options, report);
        options.Detections.Validate("/detections", report);
        options.Evidence.Validate("/evidence", report);
        options.Mqtt.Validate("/mqtt", report);
        options.Web.Validate("/web", report);
        options.Telemetry.Validate("/telemetry", report);
        options.Remote.Validate("/remote", report);
        options.Belt.Validate("/belt", report);
    }

    private static void Cameras(ApplianceOptions options, Action<string, string> report)
    {
        if (options.Cameras.Count is < 1 or > MaxCameras)
            report("/cameras", $"1 to {MaxCameras} cameras, not {options.Cameras.Count}");
        for (int i = 0; i < options.Cameras.Count; i++)
        {
            CameraOptions camera = options.Cameras[i];
            CameraOptionsValidator.Validate(camera, $"/cameras/{i}", report);
            if (options.Cameras.Take(i).Any(other => other.Name == camera.Name))
                report($"/cameras/{i}/name", $"a name of its own: '{camera.Name}' is taken");
            TriggerOptions trigger = camera.Trigger;
            if (!string.IsNullOrWhiteSpace(trigger.Line) && !options.Gpio.Inputs.Any(line => line.Name == trigger.Line))
                report($"/cameras/{i}/trigger/line", $"the name of an input line of /gpio/inputs, not '{trigger.Line}'");
        }
        int active = options.Cameras.Count(camera => camera.Active);
        if (active != 1 && options.Cameras.Count > 0)
            report("/cameras", $"exactly one active camera, not {active}");
    }

    private static void Rules(ApplianceOptions options, Action<string, string> report)
    {
        if (options.Rules.Count > MaxRules)
            report("/rules", $"at most {MaxRules} rules, not {options.Rules.Count}");
        for (int i = 0; i < options.Rules.Count; i++)
        {
            Edge.Rules.RuleOptions rule = options.Rules[i];
            rule.Validate($"/rules/{i}", report);
            if (options.Rules.Take(i).Any(other => other.Name == rule.Name))
                report($"/rules/{i}/name", $"a name of its own: '{rule.Name}' is taken");
            if (rule.Output is not { Line.Length: > 0 } output)
                continue;
            if (!options.Gpio.Outputs.Any(line => line.Name == output.Line))
                report($"/rules/{i}/output/line", $"the name of an output line of /gpio/outputs, not '{output.Line}'");
            if (output.Line == options.Lines.Busy || output.Line == options.Lines.Ready || output.Line == options.Lines.Strobe?.Line)
                report($"/rules/{i}/output/line", "a line that is not busy, ready or strobe as well");
            if (options.Rules.Take(i).Any(other => other.Output?.Line == output.Line))
                report($"/rules/{i}/output/line", $"a line of its own: another rule drives '{output.Line}'");
        }
    }
}
