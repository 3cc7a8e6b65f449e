using Yolact.Edge.Capture.Recovery;

namespace Yolact.Edge.Capture.Tests.Recovery;

public sealed class RestartRequestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("run-").FullName;

    private string Wish => Path.Combine(_folder, RestartRequest.FileName);

    [Fact]
    public async Task A_wish_that_is_taken_is_granted()
    {
        Task<string?> asked = RestartRequest.AskAsync(_folder, TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        while (!File.Exists(Wish))
            await Task.Delay(10, TestContext.Current.CancellationToken);
        File.Delete(Wish);
        Assert.Null(await asked);
    }

    [Fact]
    public async Task A_wish_that_nobody_hears_is_taken_back()
    {
        Assert.Contains("nobody took",
            await RestartRequest.AskAsync(_folder, TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.False(File.Exists(Wish));
        Assert.NotNull(await RestartRequest.AskAsync("/nowhere", TimeSpan.FromMilliseconds(100),
            TestContext.Current.CancellationToken));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
