using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.GStreamer;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>GStreamer and the elements that the configured camera needs are installed.</summary>
internal static class GStreamerCheck
{
    private static readonly string[] Common = ["appsink", "identity", "queue"];

    public static Diagnosis Run(CheckContext context)
    {
        if (context.Options?.Cameras.FirstOrDefault(camera => camera.Active) is not { } camera)
            return Diagnosis.NotApplicable("which camera is not known without a configuration");
        if (Elements(camera.Kind, context.IsJetson) is not { } elements)
            return Diagnosis.NotApplicable("the configured camera needs no GStreamer");
        string[] missing = [.. elements.Where(element => !context.HasElement(element))];
        if (missing.Length == 0)
            return Diagnosis.Ok($"has {string.Join(", ", elements)}");
        string packages = string.Join(' ', missing.Select(GStreamerLibrary.PackageOf).OfType<string>().Distinct());
        return Diagnosis.Failed($"lacks {string.Join(", ", missing)}",
            $"apt install {(packages.Length > 0 ? packages : GStreamerLibrary.Packages)}");
    }

    private static string[]? Elements(CameraKind kind, bool jetson)
    {
        string[] convert = jetson ? ["nvvidconv"] : ["videoconvert"];
        return kind switch
        {
            CameraKind.Csi => ["nvarguscamerasrc", "nvvidconv", "tee", .. Common],
            CameraKind.Usb => ["v4l2src", "decodebin", "jpegdec", .. convert, .. Common],
            CameraKind.Rtsp => ["rtspsrc", "rtph264depay", "h264parse", "decodebin", .. convert, .. Common],
            CameraKind.File => ["filesrc", "decodebin", .. convert, .. Common],
            CameraKind.Custom => Common,
            _ => null,
        };
    }
}
