using System.Collections.Concurrent;
using System.Text.Json;
using Yolact.Edge.HardwareTests.Benches.Guest;
using Yolact.Edge.HardwareTests.Benches.Jetson;
using Yolact.Edge.HardwareTests.Reporting;

namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>The bench that all scenarios of a run share; "hil" says by the environment which one.</summary>
public sealed class BenchFixture : IAsyncLifetime
{
    private readonly ConcurrentBag<Outcome> _outcomes = [];
    private IBench? _bench;

    /// <summary>The bench.</summary>
    /// <exception cref="InvalidOperationException">The tests were not started by "hil".</exception>
    public IBench Bench => _bench ?? throw new InvalidOperationException("Run the scenarios with tests/Yolact.Edge.HardwareTests/hil.");

    /// <summary>Where results go.</summary>
    public static string Results => Variable("HIL_RESULTS");

    /// <summary>Something is broken on purpose.</summary>
    public static bool IsPlanted => Environment.GetEnvironmentVariable("HIL_PLANT") is { Length: > 0 };

    /// <summary>Path of one of the bench's configuration files.</summary>
    public static string Configuration(string file) => Path.Combine(AppContext.BaseDirectory, "configurations", file);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _bench = Variable("HIL_BENCH") == "jetson"
            ? await JetsonBench.CreateAsync(Variable("HIL_CONFIG"))
            : await GuestBench.CreateAsync(Variable("HIL_CACHE"), Variable("HIL_GUEST"), Variable("HIL_DEB"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_bench is null)
            return;
        await _bench.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Results, "table.txt"), Tables.OfRun(_outcomes));
        await File.WriteAllTextAsync(Path.Combine(Results, "report.md"), Tables.OfBench(Results));
    }

    /// <summary>Keeps what a scenario showed.</summary>
    /// <param name="outcome">What.</param>
    /// <param name="file">Names its file.</param>
    public async Task KeepAsync(Outcome outcome, string file)
    {
        _outcomes.Add(outcome);
        await File.WriteAllTextAsync(Path.Combine(Results, $"{file}.json"), JsonSerializer.Serialize(outcome, OutcomeJson.Default.Outcome));
    }

    internal static string Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{name} is not set: run the scenarios with tests/Yolact.Edge.HardwareTests/hil.");
}
