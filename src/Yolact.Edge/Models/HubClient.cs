using System.Net;
using System.Net.Http.Headers;

namespace Yolact.Edge.Models;

/// <summary>
/// Asks a hub for files. A hub answers with a redirect to where the bytes lie, and that answer holds the file's hash: so redirects are
/// followed here and not by the HTTP client.
/// </summary>
/// <param name="http">Must not follow redirects by itself (<see cref="Create"/>).</param>
/// <param name="timeout">Longest wait for an answer.</param>
internal sealed class HubClient(HttpClient http, TimeSpan timeout)
{
    private const int MaxRedirects = 5;

    /// <summary>A client that follows no redirects.</summary>
    public static HttpClient Create()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("yolact-edge");
        return client;
    }

    /// <summary>What the hub publishes of a file.</summary>
    /// <exception cref="DownloadException">There is no such file, or no hash of it.</exception>
    /// <exception cref="HttpRequestException">The hub cannot be reached, or is busy.</exception>
    public async Task<PublishedFile> DescribeAsync(Uri address, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await FollowAsync(HttpMethod.Head, address, null, stopAt: IsDescribed, cancellation);
        return PublishedFile.From(response.Headers) ?? throw new DownloadException(
            $"{address}: the server publishes no SHA-256 of the file (X-Linked-ETag), so it could not be checked. Use the hub itself or a mirror that passes its headers on.");
    }

    /// <summary>The file's bytes.</summary>
    /// <param name="address">The file on the hub.</param>
    /// <param name="published">What it was described as.</param>
    /// <param name="start">First byte that is wanted.</param>
    /// <param name="etag">Tag of the response that the bytes before came with, where known.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The whole file (200) or the rest of it (206).</returns>
    /// <exception cref="DownloadException">It is another file by now, or the server does not answer as it should.</exception>
    /// <exception cref="HttpRequestException">The hub cannot be reached, or is busy.</exception>
    public async Task<HttpResponseMessage> GetAsync(
        Uri address, PublishedFile published, long start, EntityTagHeaderValue? etag, CancellationToken cancellation)
    {
        HttpResponseMessage response = await FollowAsync(HttpMethod.Get, address, request =>
        {
            if (start == 0)
                return;
            request.Headers.Range = new RangeHeaderValue(start, null);
            if (etag is { IsWeak: false })
                request.Headers.IfRange = new RangeConditionHeaderValue(etag);
        }, stopAt: hop => IsDescribed(hop) && PublishedFile.From(hop.Headers) != published, cancellation);
        if (PublishedFile.From(response.Headers) is { } now && now != published)
        {
            response.Dispose();
            throw new DownloadException($"{address} changed while it was downloaded. Run the command again.");
        }
        return response;
    }

    private static bool IsDescribed(HttpResponseMessage response) => PublishedFile.From(response.Headers) is not null;

    private async Task<HttpResponseMessage> FollowAsync(HttpMethod method, Uri address, Action<HttpRequestMessage>? prepare,
        Func<HttpResponseMessage, bool> stopAt, CancellationToken cancellation)
    {
        Uri at = address;
        for (int hop = 0; hop <= MaxRedirects; hop++)
        {
            if (!IsSafe(at))
                throw new DownloadException($"{at} is refused: only https is safe (http on this machine alone).");
            using var request = new HttpRequestMessage(method, at);
            prepare?.Invoke(request);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(timeout);
            HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.IsSuccessStatusCode || (IsRedirect(response) && stopAt(response)))
                return response;
            using (response)
            {
                at = IsRedirect(response) && response.Headers.Location is { } location
                    ? new Uri(at, location)
                    : throw Refusal(address, response.StatusCode);
            }
        }
        throw new DownloadException($"{address} is redirected more than {MaxRedirects} times.");
    }

    /// <summary>Whether an address may be read from: nobody on the way can change what arrives.</summary>
    public static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    // What may be otherwise in a moment is an HttpRequestException and tried again.
    private static Exception Refusal(Uri address, HttpStatusCode status) => (int)status switch
    {
        404 => new DownloadException($"{address} does not exist (404). If the authors have moved it, download the file by hand and use 'model import'."),
        401 or 403 => new DownloadException($"{address} may not be downloaded without an account ({(int)status}). Download the file by hand and use 'model import'."),
        408 or 429 or >= 500 => new HttpRequestException($"the server answered {(int)status}", null, status),
        _ => new DownloadException($"{address}: the server answered {(int)status}."),
    };
}
