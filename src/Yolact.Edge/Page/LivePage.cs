using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Serialization;
using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Pipeline;

namespace Yolact.Edge.Page;

/// <summary>The live page and the health checks, for this machine alone.</summary>
public static class LivePage
{
    private const string Boundary = "frame";

    /// <summary>Adds them.</summary>
    /// <param name="app">The web application.</param>
    public static void Map(WebApplication app)
    {
        app.Use(GuardAsync);
        app.MapGet("/", () => Results.Text(Html.Value, "text/html", Encoding.UTF8));
        app.MapGet("/stream", StreamAsync);
        app.MapGet("/api/seen", Seen);
        app.MapGet("/healthz", () => Results.Text("alive\n"));
        app.MapGet("/readyz", (DeviceStatus status) => Results.Text(
            $"{status.State.ToString().ToLowerInvariant()}{string.Concat(status.Reasons.Select(reason => $"\n{reason}"))}\n",
            statusCode: status.State == DeviceState.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
    }

    // Another site in the same browser must neither read nor show what the camera sees, also where a name of its own leads to this machine.
    private static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsLoopback(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return context.Response.WriteAsync("Ask for localhost or 127.0.0.1; a proxy has to say so, too.\n", context.RequestAborted);
        }
        IHeaderDictionary headers = context.Response.Headers;
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; img-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'";
        return next(context);
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static IResult Seen(ApplianceState state, DeviceStatus status)
    {
        Appliance? appliance = state.Appliance;
        SeenFrame frame = appliance?.Seen.Frame ?? new SeenFrame(0, []);
        return Results.Json(
            new PageState(status.State.ToString().ToLowerInvariant(), [.. status.Reasons], state.Broker, Math.Round(appliance?.Seen.Fps ?? 0, 1), frame.Sequence,
                [.. frame.Objects.Select(one => new PageObject(one.Label, Math.Round(one.Score, 3)))], Stages(appliance)),
            PageJson.Default.PageState);
    }

    private static PageStage[] Stages(Appliance? appliance)
    {
        if (appliance is null)
            return [];
        StageTimes stages = appliance.Stages.Latest;
        return [Stage("prepare", stages.Preprocess), Stage("network", stages.Inference), Stage("finish", stages.Postprocess)];

        static PageStage Stage(string name, TimeSpan time) => new(name, Math.Round(time.TotalMilliseconds, 1));
    }

    // Motion JPEG: one response that never ends, a picture a part. Every browser shows it in an img element.
    private static async Task StreamAsync(HttpContext context, LivePictures pictures)
    {
        context.Response.ContentType = $"multipart/x-mixed-replace; boundary={Boundary}";
        context.Response.Headers.CacheControl = "no-store";
        await foreach (byte[] jpeg in pictures.WatchAsync(context.RequestAborted))
        {
            string head = string.Create(CultureInfo.InvariantCulture, $"--{Boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.Length}\r\n\r\n");
            await context.Response.WriteAsync(head, context.RequestAborted);
            await context.Response.Body.WriteAsync(jpeg, context.RequestAborted);
            await context.Response.WriteAsync("\r\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static readonly Lazy<string> Html = new(() =>
    {
        using Stream stream = typeof(LivePage).Assembly.GetManifestResourceStream("Page/index.html")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    });
}

/// <summary>What the page polls.</summary>
/// <param name="State">State of the device.</param>
/// <param name="Reasons">Why it is not ready.</param>
/// <param name="Broker">Address of the broker.</param>
/// <param name="Fps">Frames a second.</param>
/// <param name="Sequence">Number of the last frame.</param>
/// <param name="Objects">What was found in it.</param>
/// <param name="Stages">Times of the last frame.</param>
public sealed record PageState(
    string State, IReadOnlyList<string> Reasons, string Broker, double Fps, long Sequence, IReadOnlyList<PageObject> Objects, IReadOnlyList<PageStage> Stages);

/// <summary>A stage on the page.</summary>
/// <param name="Name">Which.</param>
/// <param name="Ms">Time in ms.</param>
public sealed record PageStage(string Name, double Ms);

/// <summary>An object on the page.</summary>
/// <param name="Label">Its class.</param>
/// <param name="Score">Its score.</param>
public sealed record PageObject(string Label, double Score);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PageState))]
internal sealed partial class PageJson : JsonSerializerContext;
