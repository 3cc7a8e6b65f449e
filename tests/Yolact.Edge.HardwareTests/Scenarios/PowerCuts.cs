using System.Globalization;
using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>Power cuts while the appliance writes what it has to keep; each at a random moment, and judged after the next boot.</summary>
/// <param name="fixture">Has the bench.</param>
/// <param name="needs">What the bench must be able to do besides.</param>
public abstract class PowerCuts(BenchFixture fixture, params Capability[] needs) : Scenario(fixture, [Capability.PowerCut, Capability.OwnBroker, .. needs])
{
    private const int EarliestMs = 500;

    /// <summary>Cuts the power "hil --cuts" times, each time after a while of what is begun.</summary>
    /// <param name="latest">The longest while.</param>
    /// <param name="begin">Begins the writing.</param>
    /// <param name="promises">What the bench has seen promised when the power is gone.</param>
    /// <param name="judge">Judges what is there after the boot.</param>
    protected async Task CutAsync(TimeSpan latest, Func<Task<IAsyncDisposable>> begin, Func<IAsyncDisposable, int> promises, Func<int, Task> judge)
    {
        ArgumentNullException.ThrowIfNull(begin);
        ArgumentNullException.ThrowIfNull(promises);
        ArgumentNullException.ThrowIfNull(judge);
        int count = int.Parse(BenchFixture.Variable("HIL_CUTS"), CultureInfo.InvariantCulture), promised = 0;
        double longest = 0;
        for (int cut = 0; cut < count; cut++)
        {
            if (cut > 0)
                await Bench.ReadyAsync();
            IAsyncDisposable writing = await begin();
            await Task.Delay(Random.Shared.Next(EarliestMs, (int)latest.TotalMilliseconds));
            await Bench.CutPowerAsync();
            int seen = promises(writing);
            await writing.DisposeAsync();

            await Bench.PowerOnAsync();
            await Appliance.StartedAsync();
            longest = Math.Max(longest, await Appliance.ActiveSinceMsAsync() / 1000);
            await judge(seen);
            promised += seen;
        }
        Measured("power cuts", count, "");
        Measured("promises, all of them kept", promised, "");
        Measured("kernel to READY after a cut, at most", longest, "s");
    }
}
