using System.Collections.Immutable;
using System.Globalization;

namespace Yolact.Edge.Vision.Tests.Golden;

/// <summary>
/// Gathers the largest difference of each quantity, and everything beyond its tolerance, so that one run tells all.
/// </summary>
internal sealed class Differences
{
    private const int MostShown = 40;

    // Of a tensor, told together.
    private static readonly string[] Statistics = ["value", "mean", "std", "min", "max"];

    private readonly SortedDictionary<string, double> _largest = new(StringComparer.Ordinal);
    private string _file = "";

    public ImmutableList<string> Failures { get; private set; } = [];

    public string Summary => "largest differences: " + string.Join("; ", _largest.Select(pair =>
        string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:0.0e+0}")));

    public void Begin(string file) => _file = file;

    public void Check(string name, string quantity, double expected, double actual, double tolerance)
    {
        double difference = Math.Abs(expected - actual);
        string key = Statistics.Contains(quantity) ? name : $"{name} {quantity}";
        _largest[key] = Math.Max(_largest.GetValueOrDefault(key), difference);
        if (!(difference <= tolerance))
            Fail(string.Create(CultureInfo.InvariantCulture, $"{name} {quantity}: {actual}, the reference has {expected}"));
    }

    public void Fail(string message) => Failures = Failures.Add($"{_file}: {message}");

    public override string ToString() =>
        $"{Failures.Count} differences:{Environment.NewLine}{string.Join(Environment.NewLine, Failures.Take(MostShown))}";
}
