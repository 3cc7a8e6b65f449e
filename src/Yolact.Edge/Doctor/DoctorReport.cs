using System.Text.Json.Serialization;

namespace Yolact.Edge.Doctor;

/// <summary>Everything that the doctor found.</summary>
/// <param name="Machine">What was looked at.</param>
/// <param name="Verdict">The worst of all findings; <see cref="Verdict.Ok"/> where there is nothing to say.</param>
/// <param name="Findings">One a check, in the order of the list.</param>
public sealed record DoctorReport(string Machine, Verdict Verdict, IReadOnlyList<Finding> Findings)
{
    /// <summary>A report of findings.</summary>
    /// <param name="machine">What was looked at.</param>
    /// <param name="findings">One a check.</param>
    public static DoctorReport Of(string machine, IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        bool Any(Verdict verdict) => findings.Any(finding => finding.Verdict == verdict);
        return new(machine, Any(Verdict.Failed) ? Verdict.Failed : Any(Verdict.Warning) ? Verdict.Warning : Verdict.Ok, findings);
    }
}

/// <summary>The report as JSON, with snake_case names.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
