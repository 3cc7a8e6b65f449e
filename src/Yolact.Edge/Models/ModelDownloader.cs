using System.Net;
using System.Security.Cryptography;

namespace Yolact.Edge.Models;

/// <summary>
/// Downloads a file from a hub: what has arrived survives broken connections and stopped programs, and a file stands under its final
/// name only when it is whole and has the SHA-256 that the hub publishes.
/// </summary>
public sealed class ModelDownloader : IDisposable
{
    private const int BufferBytes = 1 << 17;

    private readonly HttpClient _http = HubClient.Create();
    private readonly DownloadOptions _options;
    private readonly TimeProvider _time;
    private readonly HubClient _hub;

    /// <summary>A downloader.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="time">For the waits between attempts.</param>
    public ModelDownloader(DownloadOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time) = (options, time);
        _hub = new HubClient(_http, options.Stall);
    }

    /// <summary>Downloads a file, goes on with one that has begun, or finds that it is already there.</summary>
    /// <param name="address">The file on the hub; https, or http on this machine.</param>
    /// <param name="target">Path of the finished file; its folder is made. Until it is whole, its bytes stand beside it in a file that ends in <c>.part</c>.</param>
    /// <param name="progress">Told the share that has arrived, 0..1.</param>
    /// <param name="cancellation">Stops; what has arrived is kept for the next time.</param>
    /// <returns>What the hub publishes of the file.</returns>
    /// <exception cref="DownloadException">The file cannot be had, is not what was published, or cannot be written.</exception>
    public async Task<PublishedFile> DownloadAsync(Uri address, string target, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentException.ThrowIfNullOrEmpty(target);
        PublishedFile? published = null;
        PartialFile? part = null;
        for (int failures = 0; ;)
        {
            long before = part?.Length ?? 0;
            try
            {
                if (published is null)
                {
                    published = await _hub.DescribeAsync(address, cancellation);
                    CheckSize(address, published);
                    if (await HasHashAsync(target, published, cancellation))
                        return published;
                    part = PartialFile.Beside(target, published);
                    before = part.Length;
                }
                if (part!.Length < published.Size)
                    await ReceiveAsync(address, published, part, progress, cancellation);
                await FinishAsync(address, published, part, target, cancellation);
                return published;
            }
            catch (Exception error) when (IsTransient(error, cancellation))
            {
                failures = part?.Length > before ? 1 : failures + 1;
                if (failures >= _options.Attempts)
                    throw new DownloadException($"{address} could not be downloaded: {Reason(error)}. What has arrived is kept; run the command again to go on.", error);
                await Task.Delay(_options.RetryDelay * Math.Pow(2, failures - 1), _time, cancellation);
            }
        }
    }

    private void CheckSize(Uri address, PublishedFile published)
    {
        if (published.Size <= 0 || published.Size > _options.MaxBytes)
            throw new DownloadException($"{address} has {published.Size} bytes; at most {_options.MaxBytes} are taken.");
    }

    private async Task ReceiveAsync(
        Uri address, PublishedFile published, PartialFile part, IProgress<double>? progress, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await _hub.GetAsync(address, published, part.Length, part.ETag, cancellation);
        long start = StartOf(address, published, part.Length, response);
        part.ETag = response.Headers.ETag;
        using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        using FileStream file = part.Open(start, published.Size);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var buffer = new byte[BufferBytes];
        for (long position = start; position < published.Size;)
        {
            progress?.Report((double)position / published.Size);
            patience.CancelAfter(_options.Stall);
            int count = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, published.Size - position)), patience.Token);
            if (count == 0)
                throw new HttpRequestException($"the connection ended after {position} of {published.Size} bytes");
            part.Write(file, buffer.AsSpan(0, count));
            position += count;
        }
        progress?.Report(1);
        part.Flush(file);
    }

    /// <summary>Where in the file the response begins: where it was asked to (206), or at the front (200) where the server knows no ranges.</summary>
    private static long StartOf(Uri address, PublishedFile published, long wanted, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            return response.Content.Headers.ContentRange is { } range && range.From == wanted && (range.Length ?? published.Size) == published.Size
                ? wanted
                : throw new DownloadException($"{address}: the server sends another part of the file than asked for ({response.Content.Headers.ContentRange}).");
        }
        return (response.Content.Headers.ContentLength ?? published.Size) == published.Size
            ? 0
            : throw new DownloadException($"{address}: the server sends {response.Content.Headers.ContentLength} bytes, but publishes {published.Size}.");
    }

    private static async Task FinishAsync(Uri address, PublishedFile published, PartialFile part, string target, CancellationToken cancellation)
    {
        if (!await HasHashAsync(part.Path, published, cancellation))
            throw part.Discard($"{address}: what arrived has not the SHA-256 that the server publishes ({published.Sha256}) and was deleted. Run the command again.");
        part.MoveTo(target);
    }

    private static async Task<bool> HasHashAsync(string path, PublishedFile published, CancellationToken cancellation)
    {
        if (!File.Exists(path) || new FileInfo(path).Length != published.Size)
            return false;
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) == published.Sha256;
    }

    private static bool IsTransient(Exception error, CancellationToken cancellation) => error switch
    {
        DownloadException => false,
        OperationCanceledException => !cancellation.IsCancellationRequested,
        HttpRequestException or IOException => true,
        _ => false,
    };

    private static string Reason(Exception error) => error is OperationCanceledException ? "nothing arrived any more" : error.Message.TrimEnd('.');

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
