using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Topics;
using Yolact.Edge.Page;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Telemetry;

namespace Yolact.Edge.Hosting;

/// <summary>The composition root: what the program is made of when it runs as an appliance.</summary>
public static class ApplianceHost
{
    private const int PortsTried = 64;

    /// <summary>Runs until Ctrl-C, SIGTERM or a failure.</summary>
    /// <param name="local">Local configuration, good or bad; over it lies the last good remote document.</param>
    /// <param name="cancellation">Stops it, too.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidConfigurationException">Local configuration is bad, and no broker is known where that could be said.</exception>
    public static async Task<int> RunAsync(LocalConfiguration local, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(local);
        RemoteJournal journal = Journal(local);
        await using WebApplication app = Build(ConfigurationBoot.Decide(local, journal), journal);
        ApplianceState state = app.Services.GetRequiredService<ApplianceState>();
        await app.RunAsync(cancellation);
        return state.ExitCode;
    }

    // Named after the device, so that two appliances on one machine do not share one.
    private static RemoteJournal Journal(LocalConfiguration local)
    {
        if (local.Valid is { Options.Remote.Enabled: false })
            return RemoteJournal.Nowhere();
        string device = local.Valid?.Options.Device ?? (JsonPointer.Find(local.Usable, "/device") as JsonValue)?.GetValue<string>() ?? new ApplianceOptions().Device;
        string file = Path.Combine(StateFolder.Path, $"configuration-{device}.json");
        // A file that cannot be read does not tell the device's name; on a device there is one journal.
        if (local.Valid is null && !File.Exists(file) && Directory.Exists(StateFolder.Path) && Directory.GetFiles(StateFolder.Path, "configuration-*.json") is [var only])
            file = only;
        return RemoteJournal.Open(new DurableFile(file));
    }

    private static WebApplication Build(ConfigurationBoot boot, RemoteJournal journal)
    {
        ApplianceOptions options = boot.Run.Options;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSupervisor();
        // A camera or a network that takes its time must not keep pages and health checks down.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        Logging(builder.Logging);

        var state = new ApplianceState();
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(boot)
            .AddSingleton(boot.Run)
            .AddSingleton(journal)
            .AddSingleton<RecentProblems>()
            .AddSingleton<ILoggerProvider>(services => services.GetRequiredService<RecentProblems>())
            .AddSingleton<LogLevels>()
            .AddSingleton<IConfigureOptions<LoggerFilterOptions>>(services => services.GetRequiredService<LogLevels>())
            .AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(services => services.GetRequiredService<LogLevels>())
            .AddSingleton(state)
            .AddSingleton(new TopicTree(options.Device))
            .AddSingleton(services => new MessageStamp(services.GetRequiredService<TopicTree>(), services.GetRequiredService<TimeProvider>()))
            .AddSingleton<DeviceStatus>()
            .AddSingleton<PipelineCounters>()
            .AddSingleton(new MachineReader(options.Telemetry.Root))
            .AddSingleton<ApplianceMetrics>()
            .AddSingleton(services => new LivePictures(options.Web.PageFps, services.GetRequiredService<TimeProvider>()))
            .AddSingleton<IFrameViewer>(services => services.GetRequiredService<LivePictures>())
            .AddHostedService<ApplianceService>()
            .AddHostedService<TerminalView>()
            .AddHostedService(services => new SystemdPreparing(
                services.GetRequiredService<DeviceStatus>(), services.GetRequiredService<TimeProvider>(), services.GetService<ISystemdNotifier>()));

        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(ApplianceMetrics.SourceName).AddPrometheusExporter());

        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            int port = FreePort(options.Web.Port);
            kestrel.Listen(IPAddress.Loopback, port);
            state.Page = $"http://127.0.0.1:{port}/";
        });
        if (!options.Web.Enabled)
            builder.Services.AddSingleton<IServer, NoServer>();
        WebApplication app = builder.Build();
        LivePage.Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    private static void Logging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        if (SystemdHelpers.IsSystemdService())
            logging.AddSystemdConsole();
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // The live view says the rest, and does not share a terminal with a log.
        if (TerminalView.IsInteractive)
            logging.SetMinimumLevel(LogLevel.Error);
    }

    private static int FreePort(int first)
    {
        for (int port = first; port < first + PortsTried && port <= IPEndPoint.MaxPort; port++)
        {
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
        throw new IOException($"No free port on 127.0.0.1 from {first} on for the live page; set web/port to a free one, or web/enabled to false.");
    }
}
