using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Yolact.Edge.HardwareTests.Reporting;

/// <summary>Outcomes as tables: of a run for a terminal, of all that is known of a bench for the documentation.</summary>
public static class Tables
{
    /// <summary>One line a scenario: name, result, seconds, what was measured.</summary>
    public static string OfRun(IReadOnlyCollection<Outcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        int width = outcomes.Select(outcome => outcome.Scenario.Length).DefaultIfEmpty(8).Max();
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"{"scenario".PadRight(width)} | result  | seconds | measured");
        foreach (Outcome outcome in outcomes.OrderBy(outcome => outcome.Scenario, StringComparer.Ordinal))
        {
            string result = outcome.Result.Split(':')[0];
            string words = outcome.Measures.Count > 0 ? string.Join("; ", outcome.Measures) : outcome.Result == result ? "" : outcome.Result;
            table.AppendLine(CultureInfo.InvariantCulture, $"{outcome.Scenario.PadRight(width)} | {result,-7} | {outcome.Seconds,7:F0} | {words}");
        }
        return table.ToString();
    }

    /// <summary>Markdown: the machine, and one line for each scenario that was ever run on it.</summary>
    /// <param name="folder">Folder of outcomes.</param>
    public static string OfBench(string folder)
    {
        Outcome[] outcomes = [.. Directory.GetFiles(folder, "*.json").Select(Read).OfType<Outcome>().OrderBy(outcome => outcome.Scenario, StringComparer.Ordinal)];
        if (outcomes.Length == 0)
            return "";
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"Bench `{outcomes[0].Bench}`, {outcomes[0].Machine}. Last run {outcomes.Max(outcome => outcome.Date):yyyy-MM-dd}.");
        table.AppendLine().AppendLine("| scenario | result | measured |").AppendLine("|---|---|---|");
        foreach (Outcome outcome in outcomes)
            table.AppendLine(CultureInfo.InvariantCulture, $"| {outcome.Scenario} | {outcome.Result} | {string.Join("; ", outcome.Measures)} |");
        return table.ToString();
    }

    private static Outcome? Read(string file) => JsonSerializer.Deserialize(File.ReadAllText(file), OutcomeJson.Default.Outcome);
}
