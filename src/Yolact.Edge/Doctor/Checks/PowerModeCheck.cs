using System.Text.RegularExpressions;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>Which of a Jetson's power modes is set (nvpmodel): most of them switch cores off and cap the GPU's clock.</summary>
internal static partial class PowerModeCheck
{
    public static Diagnosis Run(CheckContext context)
    {
        if (!context.IsJetson)
            return Diagnosis.NotApplicable("no Jetson");
        // pmode:0002
        string? status = context.Tree.Text("/var/lib/nvpmodel/status");
        if (status?.Split(':') is not ["pmode", var number] || !int.TryParse(number, out int id))
            return Diagnosis.Warning("nvpmodel has not said which power mode is set", "sudo nvpmodel -q");
        Dictionary<int, string> modes = Modes().Matches(context.Tree.Text("/etc/nvpmodel.conf") ?? "")
            .ToDictionary(match => int.Parse(match.Groups["id"].ValueSpan), match => match.Groups["name"].Value);
        string name = modes.GetValueOrDefault(id, "unknown");
        string found = $"mode {id}: {name}";
        KeyValuePair<int, string> most = modes.FirstOrDefault(mode => mode.Value.StartsWith("MAXN", StringComparison.Ordinal));
        return most.Value is null || name.StartsWith("MAXN", StringComparison.Ordinal)
            ? Diagnosis.Ok(found)
            : Diagnosis.Warning($"{found}; the fastest is {most.Key}: {most.Value}",
                $"If power supply and cooling allow it: sudo nvpmodel -m {most.Key}");
    }

    // < POWER_MODEL ID=0 NAME=MAXN >
    [GeneratedRegex(@"^\s*< POWER_MODEL ID=(?<id>\d{1,4}) NAME=(?<name>\S+) >", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Modes();
}
