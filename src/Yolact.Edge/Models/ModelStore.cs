using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Yolact.Edge.Configuration;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;

namespace Yolact.Edge.Models;

/// <summary>
/// Finds the model that a configuration means; one that is to be fetched is fetched once, kept under its hash, and handed out only when
/// its bytes are the right ones. What has arrived survives broken connections and stopped programs.
/// </summary>
/// <param name="folder">Where fetched models are kept.</param>
/// <param name="download">Limits of a download; the configuration says the largest size.</param>
/// <param name="time">For the waits between attempts.</param>
public sealed class ModelStore(string folder, DownloadOptions download, TimeProvider time) : IDisposable
{
    private const int BufferBytes = 1 << 17;
    private const int MaxRedirects = 5;

    private readonly HttpClient _http = HubClient.Create();

    /// <summary>The files of a model.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="cancellation">Stops; what has arrived is kept.</param>
    /// <exception cref="FileNotFoundException">There is no model of that name or path.</exception>
    /// <exception cref="DownloadException">It could not be fetched; another time it may.</exception>
    /// <exception cref="ModelRefusedException">It is not what was asked for, not signed, or no model of this program.</exception>
    public async Task<ModelFiles> ObtainAsync(ModelOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Download is not { } model)
            return ModelFolders.Find(options.Path);
        if (options.PublicKeyFile is { } key)
            ModelSignature.Check(model, key);
        var files = new ModelFiles(Path.Combine(folder, model.Sha256[..16].ToLowerInvariant(), $"{model.Name}.onnx"));
        await FetchAsync(new Uri(model.Url), files.Main, model.Sha256, model.MaxMib, cancellation);
        if (model.RescoreSha256 is { } rescore)
            await FetchAsync(RescoreAddress(model.Url), files.Rescore, rescore, model.MaxMib, cancellation);
        try
        {
            _ = OnnxMetadata.Read(files.Main);
        }
        catch (Exception error) when (error is InvalidConfigException or InvalidDataException)
        {
            throw new ModelRefusedException($"{model.Url} is no model of this program: {error.Message}");
        }
        return files;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Uri RescoreAddress(string url)
    {
        var address = new UriBuilder(url);
        address.Path = address.Path[..^".onnx".Length] + ".rescore.onnx";
        return address.Uri;
    }

    private async Task FetchAsync(Uri address, string target, string sha256, int maxMib, CancellationToken cancellation)
    {
        var wanted = new PublishedFile(sha256.ToLowerInvariant(), (long)maxMib << 20);
        if (await HasHashAsync(target, wanted.Sha256, cancellation))
            return;
        PartialFile part = PartialFile.Beside(target, wanted);
        for (int failures = 0; ;)
        {
            long before = part.Length;
            try
            {
                await ReceiveAsync(address, part, wanted.Size, cancellation);
                break;
            }
            catch (Exception error) when (IsTransient(error, cancellation))
            {
                failures = part.Length > before ? 1 : failures + 1;
                if (failures >= download.Attempts)
                    throw new DownloadException($"{address} could not be fetched: {error.Message.TrimEnd('.')}. What has arrived is kept.", error);
                await Task.Delay(download.RetryDelay * Math.Pow(2, failures - 1), time, cancellation);
            }
        }
        if (!await HasHashAsync(part.Path, wanted.Sha256, cancellation))
        {
            _ = part.Discard("");
            throw new ModelRefusedException($"{address}: what arrived has not the SHA-256 {wanted.Sha256} and was deleted");
        }
        part.MoveTo(target);
    }

    private async Task ReceiveAsync(Uri address, PartialFile part, long most, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await GetAsync(address, part.Length, cancellation);
        bool goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == part.Length;
        long position = goesOn ? part.Length : 0;
        long end = position + (response.Content.Headers.ContentLength ?? 0);
        if (end > most)
            throw new ModelRefusedException($"{address} has {end} bytes; at most {most} are taken (model/download/max_mib)");
        using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        using FileStream file = part.Open(position, end);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        byte[] buffer = new byte[BufferBytes];
        while (true)
        {
            patience.CancelAfter(download.Stall);
            int count = await body.ReadAsync(buffer, patience.Token);
            if (count == 0)
                break;
            position += count;
            if (position > most)
                throw new ModelRefusedException($"{address} has more than {most} bytes (model/download/max_mib)");
            part.Write(file, buffer.AsSpan(0, count));
        }
        if (position < end)
            throw new HttpRequestException($"the connection ended after {position} of {end} bytes");
        part.Flush(file);
    }

    // The hash decides what is taken, so that plain http will do; but nobody is led from https to http.
    private async Task<HttpResponseMessage> GetAsync(Uri address, long start, CancellationToken cancellation)
    {
        Uri at = address;
        for (int hop = 0; hop <= MaxRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            if (start > 0)
                request.Headers.Range = new RangeHeaderValue(start, null);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(download.Stall);
            HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.IsSuccessStatusCode)
                return response;
            (HttpStatusCode status, Uri? location) = (response.StatusCode, response.Headers.Location);
            response.Dispose();
            if (status == HttpStatusCode.RequestedRangeNotSatisfiable && start > 0)
                start = 0;
            else if ((int)status is 301 or 302 or 303 or 307 or 308 && location is not null && new Uri(at, location) is { } next && (next.Scheme == at.Scheme || next.Scheme == Uri.UriSchemeHttps))
                at = next;
            else
                throw (int)status is 408 or 429 or >= 500
                    ? new HttpRequestException($"the server answered {(int)status}", null, status)
                    : new DownloadException($"{address}: the server answered {(int)status}.");
        }
        throw new DownloadException($"{address} is redirected more than {MaxRedirects} times.");
    }

    private static async Task<bool> HasHashAsync(string path, string sha256, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            return false;
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) == sha256;
    }

    private static bool IsTransient(Exception error, CancellationToken cancellation) => error switch
    {
        DownloadException => false,
        OperationCanceledException => !cancellation.IsCancellationRequested,
        HttpRequestException or IOException => true,
        _ => false,
    };
}
