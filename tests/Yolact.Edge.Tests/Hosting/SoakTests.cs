using System.Globalization;
using System.Text.Json;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>
/// The whole appliance at full rate with the bundled model, a subscriber and somebody who watches the live page: memory must not grow. Half a minute
/// by default; <c>YOLACT_EDGE_SOAK_MINUTES=30 dotnet test --project tests/Yolact.Edge.Tests --filter-class '*SoakTests*' --output Detailed</c>
/// for longer, with its figures.
/// </summary>
public sealed class SoakTests
{
    private const string LengthVariable = "YOLACT_EDGE_SOAK_MINUTES";

    private const int Terminate = 15, LongMinutes = 20;

    /// <summary>Growth that is none, in MiB: the runtime still compiles and grows its pools in a short run; in a long one that is over.</summary>
    private const double ShortTolerance = 64, LongTolerance = 16;

    private sealed record Sample(double UptimeS, double Fps, double Resident, double Managed, int[] Collections, long Inferred);

    [Fact]
    public async Task Memory_does_not_grow_at_full_rate()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        double minutes = double.Parse(Environment.GetEnvironmentVariable(LengthVariable) ?? "0.5", CultureInfo.InvariantCulture);
        // More frames than any machine here takes, and rules, evidence and a page on top.
        using ApplianceProcess appliance = ApplianceProcess.Run(
            "device=soak", "cameras/0/fps=60", "telemetry/health_interval_s=1", "rules/0/name=any", "rules/0/conditions/0/min_count=1", "evidence/frames=all");
        await using Subscriber subscriber = await Subscriber.ToAsync(appliance, "soak", cancellation);
        subscriber.KeepsOnly("health");
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task watcher = WatchAsync(await appliance.PageAsync(cancellation), watching.Token);
        List<Sample> samples = [];
        // By the appliance's own clock: as long as it says that it has been up.
        await subscriber.UntilAsync(all => all.All.Count > 0 && Of(all.All[^1].Json).UptimeS >= minutes * 60, cancellation, TimeSpan.FromMinutes(minutes + 5));
        samples.AddRange(subscriber.All.Select(message => Of(message.Json)));
        await watching.CancelAsync();
        await watcher;
        appliance.Signal(Terminate);
        Assert.Equal(0, await appliance.ExitAsync(cancellation));

        // The first fifth warms up; the next and the last fifth are compared. The least managed memory of each is what survives collections.
        int fifth = samples.Count / 5;
        Assert.True(fifth >= 2, $"only {samples.Count} health messages came");
        Sample[] early = [.. samples.Skip(fifth).Take(fifth)], late = [.. samples.TakeLast(fifth)];
        double resident = Median(late) - Median(early), managed = late.Min(one => one.Managed) - early.Min(one => one.Managed);
        Sample first = early[0], last = late[^1];
        string report = string.Create(CultureInfo.InvariantCulture,
            $"{last.UptimeS / 60:F1} min, {last.Inferred} frames ({last.Inferred / last.UptimeS:F1}/s): RSS {Median(early):F1} -> {Median(late):F1} MiB, "
            + $"managed {early.Min(one => one.Managed):F1} -> {late.Min(one => one.Managed):F1} MiB, collections {string.Join('/', first.Collections)} -> {string.Join('/', last.Collections)}");
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        TestContext.Current.SendDiagnosticMessage(report);
        double tolerance = minutes < LongMinutes ? ShortTolerance : LongTolerance;
        Assert.True(resident < tolerance && managed < tolerance, report);
    }

    private static double Median(Sample[] samples) => samples.Select(one => one.Resident).Order().ElementAt(samples.Length / 2);

    private static Sample Of(JsonElement health)
    {
        JsonElement memory = health.GetProperty("memory");
        return new Sample(health.GetProperty("uptime_s").GetDouble(), health.GetProperty("fps").GetDouble(), memory.GetProperty("resident").GetDouble(),
            memory.GetProperty("managed").GetDouble(), [.. memory.GetProperty("collections").EnumerateArray().Select(one => one.GetInt32())],
            health.GetProperty("frames").GetProperty("inferred").GetInt64());
    }

    private static async Task WatchAsync(Uri page, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using Stream stream = await client.GetStreamAsync(new Uri(page, "stream"), cancellation);
            await stream.CopyToAsync(Stream.Null, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Seen enough.
        }
    }
}
