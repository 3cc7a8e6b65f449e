using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;
using Spectre.Console;
using Spectre.Console.Rendering;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Pipeline;

namespace Yolact.Edge.Hosting;

/// <summary>What a person at a terminal sees: rate, stage times, the last objects, addresses. Elsewhere a line in the log now and then.</summary>
public sealed partial class TerminalView(ApplianceState state, DeviceStatus status, MessageStamp stamp, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<TerminalView> logger) : BackgroundService
{
    private const int ObjectsShown = 12;

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(400);

    // A journal that lives on flash for years gets a line a minute.
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(SystemdHelpers.IsSystemdService() ? 60 : 5);

    /// <summary>True where standard output is a terminal.</summary>
    public static bool IsInteractive => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => IsInteractive ? DrawAsync(stoppingToken) : LogAsync(stoppingToken);

    private async Task DrawAsync(CancellationToken stopping)
    {
        await AnsiConsole.Live(Render()).AutoClear(false).StartAsync(async context =>
        {
            while (!stopping.IsCancellationRequested)
            {
                context.UpdateTarget(Render());
                await Task.Delay(Refresh, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
    }

    private async Task LogAsync(CancellationToken stopping)
    {
        // Said when it answers, and not before.
        await using CancellationTokenRegistration started = lifetime.ApplicationStarted.Register(() =>
        {
            if (state.Page is { } page)
                Log.Page(logger, page);
        });
        using var timer = new PeriodicTimer(LogEvery, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            if (state.Appliance is not { } appliance)
                continue;
            SeenFrame frame = appliance.Seen.Frame;
            string objects = frame.Objects.Count == 0
                ? "nothing"
                : string.Join(", ", frame.Objects.Take(ObjectsShown).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Label} {one.Score:F2}")));
            Log.Seen(logger, appliance.Seen.Fps, frame.Sequence, objects);
        }
    }

    private Rows Render()
    {
        Appliance? appliance = state.Appliance;
        var head = new Grid().AddColumn().AddColumn();
        void Row(string key, string value) => head.AddRow(new Text(key), new Text(value));
        string reasons = status.Reasons.Count > 0 ? $" ({string.Join("; ", status.Reasons)})" : "";
        Row("state", status.State.ToString().ToLowerInvariant() + reasons);
        Row("broker", $"{state.Broker}   try: mosquitto_sub -i me -v -t '{stamp.Topics.Root}/#'{Port()}");
        if (state.Page is { } page)
            Row("live page", page);
        var parts = new List<IRenderable> { head };
        if (appliance is not null)
        {
            SeenFrame frame = appliance.Seen.Frame;
            StageTimes stages = appliance.Stages.Latest;
            Row("frames", string.Create(CultureInfo.InvariantCulture,
                $"{appliance.Seen.Fps:F1}/s   prepare {stages.Preprocess.TotalMilliseconds:F1} ms, network {stages.Inference.TotalMilliseconds:F1} ms, finish {stages.Postprocess.TotalMilliseconds:F1} ms"));
            var table = new Table().AddColumns("object", "score", "box").Title($"frame {frame.Sequence}");
            foreach (SeenObject one in frame.Objects.Take(ObjectsShown))
            {
                table.AddRow(Markup.Escape(one.Label), one.Score.ToString("F2", CultureInfo.InvariantCulture),
                    string.Create(CultureInfo.InvariantCulture, $"{one.Box.X1:F0},{one.Box.Y1:F0} {one.Box.X2:F0},{one.Box.Y2:F0}"));
            }
            parts.Add(table);
        }
        parts.Add(new Text("Ctrl-C stops."));
        return new Rows(parts);
    }

    private string Port() => state.Broker.LastIndexOf(':') is >= 0 and var colon && state.Broker[(colon + 1)..] != "1883" ? $" -p {state.Broker[(colon + 1)..]}" : "";

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Fps:F1} frames/s; frame {Sequence}: {Objects}")]
        public static partial void Seen(ILogger logger, double fps, long sequence, string objects);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "live page {Page}")]
        public static partial void Page(ILogger logger, string page);
    }
}
