using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Yolact.Edge.Tests.Models;

/// <summary>A hub on this machine: answers with a redirect that holds hash and size, and serves the bytes elsewhere, well or badly.</summary>
internal sealed class LocalHub : IAsyncDisposable
{
    private readonly WebApplication _application;

    /// <summary>What is served.</summary>
    public byte[] Content { get; set; }

    /// <summary>The hash that is published; of the content unless a test lies. Null publishes none.</summary>
    public string? PublishedHash { get; set; }

    public long PublishedSize { get; set; }

    public string ETag { get; set; } = "\"first\"";

    /// <summary>Whether the bytes' server knows ranges.</summary>
    public bool Ranges { get; set; } = true;

    /// <summary>Answers of the hub before it answers well.</summary>
    public Queue<HttpStatusCode> Refusals { get; } = new();

    /// <summary>Numbers of bytes after which connections are cut, one each.</summary>
    public Queue<int> Cuts { get; } = new();

    /// <summary>Called with the number of a request for bytes before it is answered.</summary>
    public Action<int> BeforeBytes { get; set; } = static _ => { };

    /// <summary>Where the hub redirects to; null for its own bytes.</summary>
    public string? Elsewhere { get; set; }

    /// <summary>Extra bytes behind the announced end, sent without a length.</summary>
    public bool SendsTooMuch { get; set; }

    /// <summary>"Range" and "If-Range" of every request for bytes.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Endpoint => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private LocalHub(WebApplication application, byte[] content)
    {
        _application = application;
        Content = content;
        PublishedHash = Convert.ToHexStringLower(SHA256.HashData(content));
        PublishedSize = content.Length;
    }

    public static async Task<LocalHub> StartAsync(int bytes)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication application = builder.Build();
        var content = new byte[bytes];
        new Random(1).NextBytes(content);
        var hub = new LocalHub(application, content);
        application.MapMethods("/dbolya/{repository}/resolve/main/{file}", ["GET", "HEAD"], hub.Resolve);
        application.MapMethods("/bytes/{file}", ["GET", "HEAD"], hub.SendAsync);
        await application.StartAsync();
        return hub;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private void Resolve(HttpContext context, string file)
    {
        if (Refusals.TryDequeue(out HttpStatusCode refusal))
        {
            context.Response.StatusCode = (int)refusal;
            return;
        }
        if (PublishedHash is not null)
        {
            context.Response.Headers["X-Linked-ETag"] = $"\"{PublishedHash}\"";
            context.Response.Headers["X-Linked-Size"] = PublishedSize.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        context.Response.Redirect(Elsewhere ?? $"/bytes/{file}");
    }

    private async Task SendAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        string range = context.Request.Headers.Range.ToString(), condition = context.Request.Headers.IfRange.ToString();
        Requests.Enqueue($"{range} {condition}".Trim());
        BeforeBytes(Requests.Count);
        int start = 0;
        if (Ranges && range.Length > 0 && (condition.Length == 0 || condition == ETag))
        {
            start = int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {start}-{Content.Length - 1}/{Content.Length}";
        }
        context.Response.Headers.ETag = ETag;
        if (!SendsTooMuch)
            context.Response.ContentLength = Content.Length - start;
        int end = Cuts.TryDequeue(out int cut) ? Math.Min(Content.Length, start + cut) : Content.Length;
        await context.Response.Body.WriteAsync(Content.AsMemory(start, end - start));
        if (SendsTooMuch)
            await context.Response.Body.WriteAsync(new byte[1000]);
        await context.Response.Body.FlushAsync();
        if (end < Content.Length)
            context.Abort();
    }
}
