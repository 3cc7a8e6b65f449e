using System.Text.Json.Serialization;

namespace Yolact.Edge.HardwareTests.Reporting;

/// <summary>What a scenario showed.</summary>
/// <param name="Scenario">Its name in words.</param>
/// <param name="Result">passed, failed, or skipped: what is missing.</param>
/// <param name="Seconds">How long it took, on the wall.</param>
/// <param name="Measures">What it measured.</param>
/// <param name="Bench">Name of the bench.</param>
/// <param name="Machine">The machine in words.</param>
/// <param name="Date">When, UTC.</param>
public sealed record Outcome(
    string Scenario, string Result, double Seconds, IReadOnlyList<Measure> Measures, string Bench, string Machine, DateTime Date);

/// <summary>A figure.</summary>
/// <param name="What">What it is.</param>
/// <param name="Value">Its value.</param>
/// <param name="Unit">Its unit.</param>
public sealed record Measure(string What, double Value, string Unit)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{What} {Math.Round(Value, Math.Abs(Value) < 10 ? 2 : 1)} {Unit}");
}

/// <summary>How outcomes are kept.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Outcome))]
public sealed partial class OutcomeJson : JsonSerializerContext;
