using System.Security.Cryptography;
using Yolact.Edge.Configuration;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Models;
using Yolact.Edge.Tests.Hosting;

namespace Yolact.Edge.Tests.Models;

public sealed class ModelStoreTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-store-");
    private LocalHub _server = null!;
    private ModelStore _store = null!;

    private string Sha256 => Convert.ToHexStringLower(SHA256.HashData(_server.Content));

    public async ValueTask InitializeAsync()
    {
        _server = await LocalHub.StartAsync(1);
        _server.Content = await File.ReadAllBytesAsync(TinyModel.Write(_folder.FullName, "made").Main, TestContext.Current.CancellationToken);
        _store = new ModelStore(Path.Combine(_folder.FullName, "fetched"), new DownloadOptions { Attempts = 3, RetryDelay = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_model_is_fetched_once_and_kept_under_its_hash()
    {
        ModelFiles files = await ObtainAsync(Download());
        Assert.Equal("new-model", files.Name);
        Assert.Equal(_server.Content, await File.ReadAllBytesAsync(files.Main, TestContext.Current.CancellationToken));
        Assert.Equal(files, await ObtainAsync(Download()));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Both_graphs_of_a_model_that_re_scores_are_fetched()
    {
        ModelFiles files = await ObtainAsync(Download() with { RescoreSha256 = Sha256.ToUpperInvariant() });
        Assert.True(File.Exists(files.Rescore));
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task A_cut_connection_does_no_harm()
    {
        _server.Cuts.Enqueue(1000);
        _server.Cuts.Enqueue(2000);
        ModelFiles files = await ObtainAsync(Download());
        Assert.Equal(_server.Content, await File.ReadAllBytesAsync(files.Main, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_arrived_before_is_not_fetched_again_and_what_is_damaged_is_refused(bool whole)
    {
        string part = Path.Combine(_folder.FullName, "fetched", Sha256[..16], $"new-model.onnx.{Sha256[..16]}.part");
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        byte[] arrived = _server.Content[..1000];
        arrived[999] ^= whole ? (byte)0 : (byte)1;
        await File.WriteAllBytesAsync(part, arrived, TestContext.Current.CancellationToken);
        if (!whole)
            await Assert.ThrowsAsync<ModelRefusedException>(() => ObtainAsync(Download()));
        ModelFiles files = await ObtainAsync(Download());
        Assert.Equal(_server.Content, await File.ReadAllBytesAsync(files.Main, TestContext.Current.CancellationToken));
        Assert.Equal(whole ? ["bytes=1000-"] : ["bytes=1000-", ""], _server.Requests);
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_sends_all_of_it_again()
    {
        _server.Ranges = false;
        _server.Cuts.Enqueue(1000);
        ModelFiles files = await ObtainAsync(Download());
        Assert.Equal(_server.Content, await File.ReadAllBytesAsync(files.Main, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_content_than_asked_for_is_refused_and_nothing_stays()
    {
        await Assert.ThrowsAsync<ModelRefusedException>(() => ObtainAsync(Download() with { Sha256 = new string('0', 64) }));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder.FullName, "fetched"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_too_large_is_refused(bool withoutLength)
    {
        _server.Content = new byte[(1 << 20) + 1];
        _server.SendsTooMuch = withoutLength;
        ModelRefusedException error = await Assert.ThrowsAsync<ModelRefusedException>(() => ObtainAsync(Download() with { MaxMib = 1 }));
        Assert.Contains("max_mib", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_model_is_refused()
    {
        _server.Content = new byte[5000];
        await Assert.ThrowsAsync<ModelRefusedException>(() => ObtainAsync(Download()));
    }

    [Fact]
    public async Task A_server_that_is_not_there_may_be_there_another_time() =>
        await Assert.ThrowsAsync<DownloadException>(() => ObtainAsync(Download() with { Url = "http://127.0.0.1:1/x.onnx" }));

    [Fact]
    public async Task Where_a_key_is_configured_only_what_it_signed_is_taken()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string file = Path.Combine(_folder.FullName, "key.pem");
        await File.WriteAllTextAsync(file, key.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);
        ModelDownloadOptions model = Download() with { RescoreSha256 = Sha256 };
        string Sign(ECDsa with, string text) =>
            Convert.ToBase64String(with.SignData(System.Text.Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

        Task<ModelFiles> WithAsync(string signature) => _store.ObtainAsync(
            new ModelOptions { PublicKeyFile = file, Download = model with { Signature = signature } }, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ModelRefusedException>(() => WithAsync(Sign(other, $"{Sha256}\n{Sha256}\n")));
        await Assert.ThrowsAsync<ModelRefusedException>(() => WithAsync(Sign(key, $"{Sha256}\n")));
        Assert.Empty(_server.Requests);
        Assert.True(File.Exists((await WithAsync(Sign(key, $"{Sha256}\n{Sha256}\n"))).Main));
    }

    [Fact]
    public void Options_name_everything_that_is_wrong_with_them()
    {
        List<string> Errors(ModelOptions options)
        {
            List<string> pointers = [];
            options.Validate("/model", (pointer, _) => pointers.Add(pointer));
            return pointers;
        }

        Assert.Empty(Errors(new ModelOptions { Download = Download() }));
        Assert.Equal(
            ["/model/download/url", "/model/download/sha256", "/model/download/rescore_sha256", "/model/download/signature", "/model/download/max_mib"],
            Errors(new ModelOptions { PublicKeyFile = "/etc/key.pem", Download = new ModelDownloadOptions { Url = "file:///x.onnx", Sha256 = "x", RescoreSha256 = "", MaxMib = 0 } }));
        foreach (string url in (string[])["", "x.onnx", "http://h/x.rescore.onnx", "http://h/.onnx", "http://u:p@h/x.onnx", "http://h/x.onnx%2F..", "ftp://h/x.onnx"])
            Assert.Equal(["/model/download/url"], Errors(new ModelOptions { Download = Download() with { Url = url } }));
    }

    private ModelDownloadOptions Download() => new() { Url = new Uri(_server.Endpoint, "bytes/new-model.onnx").AbsoluteUri, Sha256 = Sha256 };

    private Task<ModelFiles> ObtainAsync(ModelDownloadOptions model) => _store.ObtainAsync(new ModelOptions { Download = model }, TestContext.Current.CancellationToken);
}
