using System.Text.RegularExpressions;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>NVIDIA's release for the Jetson is one that takes the graphs.</summary>
internal static partial class JetPackCheck
{
    // Release and revision of Linux for Tegra, and the JetPack that brings it.
    private static readonly (int Release, int Revision, string JetPack, bool DeformConv)[] Known =
    [
        (39, 2, "7.2", true),
        (38, 0, "7.0 or 7.1", true),
        (36, 4, "6.1 or 6.2", true),
        (36, 3, "6.0", false),
        (35, 0, "5.1", false),
    ];

    public static Diagnosis Run(CheckContext context)
    {
        if (!context.IsJetson)
            return Diagnosis.NotApplicable("no Jetson");
        string model = context.Tree.Text("/proc/device-tree/model") ?? "Jetson of an unknown model";
        if (Release().Match(context.Tree.Text("/etc/nv_tegra_release") ?? "") is not { Success: true } match)
            return Diagnosis.Warning($"{model}, but /etc/nv_tegra_release names no release", "Flash JetPack 6.2 or 7.2.");
        int release = int.Parse(match.Groups["release"].ValueSpan), revision = int.Parse(match.Groups["major"].ValueSpan);
        string l4t = $"Jetson Linux {release}.{match.Groups["major"].Value}.{match.Groups["minor"].Value}";
        (_, _, string? jetPack, bool deformConv) = Known
            .FirstOrDefault(known => release == known.Release && revision >= known.Revision);
        string found = $"{model}, {l4t}, JetPack {jetPack ?? "unknown"}";
        if (jetPack is null)
            return Diagnosis.Warning(found,
                "This program was written for JetPack 6.2 and 7.2; try, and read the engine's reasons.");
        return deformConv
            ? Diagnosis.Ok(found)
            : Diagnosis.Failed($"{found}: its TensorRT reads no deformable convolution",
                "Flash JetPack 6.2 or 7.2, or import the model with --dcn gather.");
    }

    // # R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic, EABI: aarch64, DATE: ...
    [GeneratedRegex(@"R(?<release>\d{1,4}) \(release\), REVISION: (?<major>\d{1,4})\.(?<minor>\d{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex Release();
}
