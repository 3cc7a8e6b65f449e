namespace Yolact.Edge.Bench;

/// <summary>Two reports side by side.</summary>
public static class BenchComparison
{
    /// <summary>What makes the figures of two reports hard to compare, a sentence each; empty where nothing does.</summary>
    /// <param name="before">The saved one.</param>
    /// <param name="now">The new one.</param>
    public static IEnumerable<string> Differences(BenchReport before, BenchReport now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        foreach ((string what, string was, string became) in (IEnumerable<(string, string, string)>)
            [
                ("machine", before.Machine.Name, now.Machine.Name),
                ("power mode", before.Machine.PowerMode ?? "unknown", now.Machine.PowerMode ?? "unknown"),
                ("network", before.Network, now.Network),
                ("model file (SHA-256)", before.ModelSha256, now.ModelSha256),
                ("numbers", before.Numbers, now.Numbers),
                ("provider", before.Provider, now.Provider),
                ("picture", $"{before.Width} x {before.Height} px", $"{now.Width} x {now.Height} px"),
                ("objects a frame", $"{before.Objects:F1}", $"{now.Objects:F1}"),
            ])
        {
            if (was != became)
                yield return $"another {what}: {was} before, {became} now.";
        }
    }

    /// <summary>Median now over median before, for what both reports have.</summary>
    /// <param name="before">The saved one.</param>
    /// <param name="now">The new one.</param>
    public static IEnumerable<(string Name, double Before, double Now, double Ratio)> Ratios(BenchReport before, BenchReport now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        foreach (BenchRow row in now.Rows)
        {
            if (before.MedianOf(row.Name) is { } was)
                yield return (row.Name, was, row.Median, row.Median / was);
        }
    }
}
