using Yolact.Edge.Commands;

namespace Yolact.Edge.Tests.Commands;

public sealed class DatasetCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("yolact-dataset-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Synth_writes_pictures_of_the_wanted_size_and_their_annotations()
    {
        string set = Path.Combine(_root, "set");
        Assert.Equal(ExitCode.Ok, await Run("--seed", "3", "--count", "2", "--size", "320x240", "--threads", "1", "-o", set));
        Assert.Equal(["000001.png", "000002.png"],
            Directory.EnumerateFiles(Path.Combine(set, "images")).Select(Path.GetFileName).Order());
        Assert.Contains("\"width\":320,\"height\":240", File.ReadAllText(Path.Combine(set, "annotations.json")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--count", "0")]
    [InlineData("--threads", "0")]
    [InlineData("--size", "640")]
    [InlineData("--size", "9x9")]
    [InlineData("--seed", "-1")]
    public async Task Wrong_options_are_bad_input_and_write_nothing(string option, string value)
    {
        Assert.Equal(ExitCode.BadInput, await Run(option, value, "-o", Path.Combine(_root, "set")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public async Task A_folder_in_use_is_bad_input()
    {
        File.WriteAllText(Path.Combine(_root, "mine.txt"), "mine");
        Assert.Equal(ExitCode.BadInput, await Run("--count", "1", "-o", _root));
        Assert.Single(Directory.EnumerateFileSystemEntries(_root));
    }

    private static Task<int> Run(params string[] options) => YolactEdgeCommand.RunAsync(["dataset", "synth", .. options]);
}
