using System.Diagnostics;
using Yolact.Edge.HardwareTests.Benches;
using Yolact.Edge.HardwareTests.Reporting;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>One scenario on a bench that is put back before it; what it measured is kept, and what tells about a failure.</summary>
/// <param name="fixture">Has the bench.</param>
/// <param name="needs">What the bench must be able to do.</param>
public abstract class Scenario(BenchFixture fixture, params Capability[] needs) : IAsyncLifetime
{
    private readonly List<Measure> _measures = [];
    private readonly Stopwatch _watch = new();
    private Subscription? _subscription;

    /// <summary>The bench.</summary>
    protected IBench Bench { get; } = fixture.Bench;

    /// <summary>The appliance on it.</summary>
    protected Appliance Appliance { get; } = new(fixture.Bench.Shell);

    /// <summary>A root shell on it.</summary>
    protected Shell Shell => Bench.Shell;

    private static string Words => TestContext.Current.TestMethod!.MethodName.Replace('_', ' ');

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _watch.Start();
        foreach (Capability need in needs)
        {
            if (!Bench.Capabilities.Contains(need))
                Assert.Skip($"the bench cannot: {need}");
        }
        await Bench.ReadyAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        TestResultState? state = TestContext.Current.TestState;
        string result = state?.Result switch
        {
            TestResult.Passed => "passed",
            TestResult.Skipped => $"skipped: {state.ExceptionMessages?.FirstOrDefault()}",
            _ => "failed",
        };
        if (result == "failed")
            await KeepAsync(state);
        if (_subscription is not null)
            await _subscription.DisposeAsync();
        var outcome = new Outcome(Words, result, _watch.Elapsed.TotalSeconds, _measures, Bench.Name, Bench.Machine, DateTime.UtcNow);
        await fixture.KeepAsync(outcome, TestContext.Current.TestMethod!.MethodName);
    }

    /// <summary>Notes a figure for the report.</summary>
    protected void Measured(string what, double value, string unit) => _measures.Add(new(what, value, unit));

    /// <summary>Subscribes; the messages are kept with what a failure leaves.</summary>
    protected async Task<Subscription> SubscribeAsync()
    {
        if (_subscription is not null)
            await _subscription.DisposeAsync();
        return _subscription = await Appliance.SubscribeAsync();
    }

    /// <summary>
    /// Makes edges until a frame answers one. The first ones after a start may be reported instead: what is compiled then takes the time in which
    /// the camera's driver loses frames.
    /// </summary>
    protected async Task<Message> FirstAnswerAsync(Subscription seen, Func<Message, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(seen);
        await Bench.PulseAsync(BenchLine.Trigger, new(10, 300));
        return await seen.WaitAsync(message => message.IsDetections && condition(message), "detections of one of ten edges");
    }

    // What cannot be fetched from a device that failed is left out.
    private async Task KeepAsync(TestResultState? state)
    {
        string folder = Path.Combine(BenchFixture.Results, "failed", TestContext.Current.TestMethod!.MethodName);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "failure.txt"), string.Join('\n', [.. state?.ExceptionMessages ?? [], .. state?.ExceptionStackTraces ?? []]));
        await File.WriteAllLinesAsync(Path.Combine(folder, "messages.txt"), _subscription?.Messages.Select(message => $"{message.ArrivalNs} {message.Topic} {message.Body.ToJsonString()}") ?? []);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "journal.txt"), await Shell.RunAsync("journalctl --no-pager -o short-monotonic -b; systemctl status yolact-edge || true; tail -n 200 /var/log/mosquitto/mosquitto.log || true"));
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "journal.txt"), error.Message);
        }
        await Bench.KeepAsync(folder);
    }
}
