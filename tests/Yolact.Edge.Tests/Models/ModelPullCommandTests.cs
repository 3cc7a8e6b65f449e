using System.Security.Cryptography;
using Yolact.Edge.Commands;
using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Tests.Models;

/// <summary>The whole command against a hub on this machine: download, check, import.</summary>
public sealed class ModelPullCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-edge-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_published_checkpoint_becomes_a_model()
    {
        string source = Path.Combine(_folder.FullName, "source.pth");
        SyntheticCheckpoint.Write(source, NamedConfigs.Find("yolact_resnet50")!, CheckpointFormat.PyTorchLegacy, location: "cuda:0");
        await using LocalHub hub = await LocalHub.StartAsync(1);
        hub.Content = await File.ReadAllBytesAsync(source, TestContext.Current.CancellationToken);
        hub.PublishedSize = hub.Content.Length;
        hub.PublishedHash = Convert.ToHexStringLower(SHA256.HashData(hub.Content));

        int code = await RunAsync("yolact-resnet50", "--endpoint", hub.Endpoint.AbsoluteUri, "-o", _folder.FullName);

        Assert.Equal(ExitCode.Ok, code);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "checkpoints", "yolact_resnet50_54_800000.pth")));
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "yolact_resnet50.onnx")));
    }

    [Fact]
    public async Task A_file_that_is_no_checkpoint_is_downloaded_but_not_imported()
    {
        await using LocalHub hub = await LocalHub.StartAsync(1000);
        int code = await RunAsync("yolact_resnet50", "--endpoint", hub.Endpoint.AbsoluteUri, "-o", _folder.FullName);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Empty(_folder.GetFiles("*.onnx", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Download_only_imports_nothing()
    {
        await using LocalHub hub = await LocalHub.StartAsync(1000);
        int code = await RunAsync("yolact_im700", "--endpoint", hub.Endpoint.AbsoluteUri, "-o", _folder.FullName, "--download-only");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(hub.Content, File.ReadAllBytes(Path.Combine(_folder.FullName, "checkpoints", "yolact_im700_54_800000.pth")));
    }

    [Theory]
    [InlineData("yolact_im400", "https://hub.example")]
    [InlineData("yolact_base", "http://hub.example")]
    [InlineData("yolact_base", "hub.example")]
    [InlineData("yolact_base", "file:///tmp")]
    public async Task Wrong_names_and_unsafe_endpoints_are_bad_input(string name, string endpoint) =>
        Assert.Equal(ExitCode.BadInput, await RunAsync(name, "--endpoint", endpoint, "-o", _folder.FullName));

    private static Task<int> RunAsync(params string[] arguments) =>
        ModelPullCommand.Create().Parse(arguments).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
}
