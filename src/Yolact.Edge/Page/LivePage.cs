using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Payloads;
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
        app.MapGet("/", () => Results.Text(Html.Value, "text/html", Encoding.UTF8));
        app.MapGet("/stream", StreamAsync);
        app.MapGet("/api/seen", Seen);
        app.MapGet("/healthz", () => Results.Text("alive\n"));
        app.MapGet("/readyz", (DeviceStatus status) => Results.Text(
            $"{status.State.ToString().ToLowerInvariant()}{string.Concat(status.Reasons.Select(reason => $"\n{reason}"))}\n",
            statusCode: status.State == DeviceState.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
    }

    private static IResult Seen(ApplianceState state, DeviceStatus status)
    {
        Appliance? appliance = state.Appliance;
        SeenFrame frame = appliance?.Seen.Frame ?? new SeenFrame(0, []);
        return Results.Json(
            new PageState(status.State.ToString().ToLowerInvariant(), [.. status.Reasons], Math.Round(appliance?.Seen.Fps ?? 0, 1), frame.Sequence,
                [.. frame.Objects.Select(one => new PageObject(one.Label, Math.Round(one.Score, 3)))]),
            PageJson.Default.PageState);
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
/// <param name="Fps">Frames a second.</param>
/// <param name="Sequence">Number of the last frame.</param>
/// <param name="Objects">What was found in it.</param>
public sealed record PageState(string State, IReadOnlyList<string> Reasons, double Fps, long Sequence, IReadOnlyList<PageObject> Objects);

/// <summary>An object on the page.</summary>
/// <param name="Label">Its class.</param>
/// <param name="Score">Its score.</param>
public sealed record PageObject(string Label, double Score);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PageState))]
internal sealed partial class PageJson : JsonSerializerContext;
