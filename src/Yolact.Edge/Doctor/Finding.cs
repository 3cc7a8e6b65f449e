using System.Text.Json.Serialization;

namespace Yolact.Edge.Doctor;

/// <summary>What a check came to.</summary>
public enum Verdict
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It runs, but not as well or as safely as it could.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>It cannot run like this.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>This machine or configuration has no use for it, or it cannot be seen from here.</summary>
    [JsonStringEnumMemberName("not_applicable")]
    NotApplicable,
}

/// <summary>One line of the doctor's report.</summary>
/// <param name="Check">Name of the check, such as <c>storage_space</c>.</param>
/// <param name="Verdict">What it came to.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do; null where there is nothing to do.</param>
public sealed record Finding(string Check, Verdict Verdict, string Found, string? Advice);

/// <summary>What a check found, before it has its name.</summary>
/// <param name="Verdict">What it came to.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do; null where there is nothing to do.</param>
internal sealed record Diagnosis(Verdict Verdict, string Found, string? Advice = null)
{
    public static Diagnosis Ok(string found) => new(Verdict.Ok, found);

    public static Diagnosis Warning(string found, string advice) => new(Verdict.Warning, found, advice);

    public static Diagnosis Failed(string found, string advice) => new(Verdict.Failed, found, advice);

    public static Diagnosis NotApplicable(string why) => new(Verdict.NotApplicable, why);

    /// <summary>The worst of several findings of one check, with everything that was found and advised.</summary>
    public static Diagnosis Worst(IReadOnlyList<Diagnosis> parts)
    {
        // The order of badness: not applicable says the least.
        static int Badness(Verdict verdict) =>
            verdict switch { Verdict.NotApplicable => 0, Verdict.Ok => 1, Verdict.Warning => 2, _ => 3 };
        Verdict worst = parts.MaxBy(part => Badness(part.Verdict))!.Verdict;
        string[] advice = [.. parts.Select(part => part.Advice).OfType<string>().Distinct()];
        string found = string.Join("; ", parts.Select(part => part.Found));
        return new(worst, found, advice.Length == 0 ? null : string.Join(' ', advice));
    }
}
