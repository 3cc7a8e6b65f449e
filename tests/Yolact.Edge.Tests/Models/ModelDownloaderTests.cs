using System.Net;
using System.Security.Cryptography;
using Yolact.Edge.Models;

namespace Yolact.Edge.Tests.Models;

public sealed class ModelDownloaderTests : IAsyncLifetime
{
    private const int Size = 300_000;
    private static readonly OfficialModel Model = OfficialModel.Find("yolact-plus-resnet50")!;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-edge-");
    private LocalHub _hub = null!;

    private string Target => Path.Combine(_folder.FullName, "models", Model.File);

    private string Part => $"{Target}.{_hub.PublishedHash![..16]}.part";

    public async ValueTask InitializeAsync() => _hub = await LocalHub.StartAsync(Size);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void The_authors_files_have_their_addresses()
    {
        var hub = new Uri("https://hub.example/");
        Assert.Equal("https://hub.example/dbolya/yolact-plus-resnet50/resolve/main/yolact_plus_resnet50_54_800000.pth", Model.Address(hub).AbsoluteUri);
        Assert.Equal(6, OfficialModel.All.Count);
        Assert.All(OfficialModel.All, model => Assert.NotNull(Yolact.Edge.Model.Configs.NamedConfigs.Find(model.Name)));
        Assert.Null(OfficialModel.Find("yolact_im400"));
    }

    [Fact]
    public async Task A_file_arrives_whole()
    {
        var shares = new List<double>();
        PublishedFile published = await DownloadAsync(new SyncProgress(shares.Add));

        Assert.Equal(_hub.Content, File.ReadAllBytes(Target));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_hub.Content)), published.Sha256);
        Assert.Equal(Size, published.Size);
        Assert.Equal([Target], Files());
        Assert.Equal(0, shares[0]);
        Assert.Equal(1, shares[^1]);
        Assert.Equal(shares.Order(), shares);
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_fetched_again()
    {
        await DownloadAsync();
        await DownloadAsync();
        Assert.Single(_hub.Requests);
    }

    [Fact]
    public async Task A_finished_file_of_another_version_is_replaced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllBytes(Target, new byte[Size]);
        await DownloadAsync();
        Assert.Equal(_hub.Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_cut_connection_is_resumed_under_the_condition_of_its_tag()
    {
        _hub.Cuts.Enqueue(100_000);
        _hub.Cuts.Enqueue(50_000);
        await DownloadAsync();

        Assert.Equal(_hub.Content, File.ReadAllBytes(Target));
        string[] requests = [.. _hub.Requests];
        Assert.Equal(3, requests.Length);
        Assert.Equal("", requests[0]);
        Assert.All(requests[1..], request => Assert.Matches("""^bytes=[1-9]\d*- "first"$""", request));
    }

    [Fact]
    public async Task A_stopped_download_is_resumed_by_the_next_run()
    {
        _hub.Cuts.Enqueue(100_000);
        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(options: new DownloadOptions { Attempts = 1 }));
        long arrived = new FileInfo(Part).Length;
        Assert.InRange(arrived, 1, 100_000);
        Assert.Equal([Part], Files());

        await DownloadAsync();
        Assert.Equal(_hub.Content, File.ReadAllBytes(Target));
        Assert.Equal([Target], Files());
        Assert.Equal($"bytes={arrived}-", _hub.Requests.Last());
    }

    [Fact]
    public async Task A_whole_part_needs_no_more_bytes()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.WriteAllBytes(Part, _hub.Content);
        await DownloadAsync();
        Assert.Empty(_hub.Requests);
        Assert.Equal([Target], Files());
    }

    [Fact]
    public async Task Connections_that_never_bring_a_byte_are_given_up()
    {
        for (int i = 0; i < 10; i++)
            _hub.Refusals.Enqueue(HttpStatusCode.ServiceUnavailable);
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync());
        Assert.Contains("503", error.Message, StringComparison.Ordinal);
        Assert.Equal(7, _hub.Refusals.Count);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_busy_hub_is_asked_again()
    {
        _hub.Refusals.Enqueue(HttpStatusCode.TooManyRequests);
        await DownloadAsync();
        Assert.Equal(_hub.Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_changed_tag_starts_from_the_front()
    {
        // The bytes' server sends another copy under another tag; the file is the same by the hub's hash.
        _hub.Cuts.Enqueue(100_000);
        _hub.BeforeBytes = request => _hub.ETag = request == 2 ? "\"second\"" : _hub.ETag;
        await DownloadAsync();
        Assert.Equal(_hub.Content, File.ReadAllBytes(Target));
        Assert.Equal(2, _hub.Requests.Count);
    }

    [Fact]
    public async Task A_new_version_on_the_hub_never_joins_the_old_part()
    {
        _hub.Cuts.Enqueue(100_000);
        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(options: new DownloadOptions { Attempts = 1 }));

        _hub.Content = [.. _hub.Content.Reverse()];
        _hub.PublishedHash = Convert.ToHexStringLower(SHA256.HashData(_hub.Content));
        await DownloadAsync();
        Assert.Equal(_hub.Content, File.ReadAllBytes(Target));
        Assert.Equal([Target], Files());
        Assert.Equal("", _hub.Requests.Last());
    }

    [Fact]
    public async Task A_version_that_changes_under_way_is_refused()
    {
        _hub.Cuts.Enqueue(100_000);
        _hub.BeforeBytes = _ => _hub.PublishedHash = new string('a', 64);
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync());
        Assert.Contains("changed while it was downloaded", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task A_server_without_ranges_sends_all_again()
    {
        _hub.Ranges = false;
        _hub.Cuts.Enqueue(100_000);
        await DownloadAsync();
        Assert.Equal(_hub.Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_wrong_hash_leaves_nothing()
    {
        _hub.PublishedHash = new string('a', 64);
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync());
        Assert.Contains("has not the SHA-256 that the server publishes", error.Message, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Bytes_behind_the_published_end_are_not_taken()
    {
        _hub.SendsTooMuch = true;
        await DownloadAsync();
        Assert.Equal(_hub.Content, File.ReadAllBytes(Target));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "does not exist (404)")]
    [InlineData(HttpStatusCode.Unauthorized, "without an account (401)")]
    [InlineData(HttpStatusCode.Gone, "answered 410")]
    public async Task Refusals_are_said_at_once(HttpStatusCode status, string problem)
    {
        _hub.Refusals.Enqueue(status);
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync());
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(Model.File, error.Message, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_hub_without_hash_is_refused()
    {
        _hub.PublishedHash = null;
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync());
        Assert.Contains("publishes no SHA-256", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://203.0.113.1/file", "only https is safe")]
    [InlineData("ftp://localhost/file", "only https is safe")]
    [InlineData("file:///etc/passwd", "only https is safe")]
    public async Task Unsafe_redirects_are_refused(string location, string problem)
    {
        _hub.Elsewhere = location;
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync());
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_in_a_circle_are_refused()
    {
        _hub.PublishedHash = null;
        _hub.Elsewhere = Model.Address(_hub.Endpoint).AbsolutePath;
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync());
        Assert.Contains("redirected more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_before_it_is_fetched()
    {
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(options: new DownloadOptions { MaxBytes = Size - 1 }));
        Assert.Contains($"at most {Size - 1}", error.Message, StringComparison.Ordinal);
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public async Task A_full_disk_is_named()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("needs Linux's /dev/full");
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.CreateSymbolicLink(Part, "/dev/full");
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync());
        Assert.StartsWith($"{Part} cannot be written: No space left on device", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
        Assert.Single(_hub.Requests);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "models"), "a file");
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync());
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_keeps_what_has_arrived()
    {
        using var stop = new CancellationTokenSource();
        _hub.Cuts.Enqueue(100_000);
        _hub.BeforeBytes = request =>
        {
            if (request == 2)
                stop.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DownloadAsync(cancellation: stop.Token));
        Assert.Equal([Part], Files());
    }

    [Fact]
    public async Task A_connection_on_which_nothing_arrives_is_broken_off()
    {
        using var never = new ManualResetEventSlim();
        _hub.BeforeBytes = request =>
        {
            if (request == 1)
                never.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        };
        await DownloadAsync(options: new DownloadOptions { Stall = TimeSpan.FromMilliseconds(500), RetryDelay = TimeSpan.Zero });
        never.Set();
        Assert.Equal(_hub.Content, File.ReadAllBytes(Target));
        Assert.Equal(2, _hub.Requests.Count);
    }

    private async Task<PublishedFile> DownloadAsync(IProgress<double>? progress = null, DownloadOptions? options = null, CancellationToken? cancellation = null)
    {
        using var downloader = new ModelDownloader(options ?? new DownloadOptions { Attempts = 3, RetryDelay = TimeSpan.Zero }, TimeProvider.System);
        return await downloader.DownloadAsync(Model.Address(_hub.Endpoint), Target, progress, cancellation ?? TestContext.Current.CancellationToken);
    }

    private string[] Files() => Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories);

    private sealed class SyncProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
