using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Yolact.Edge.Commands;
using Yolact.Edge.Simulation.Dataset;

namespace Yolact.Edge.Tests.Commands;

/// <summary>The whole command on the bundled model: what it says, not how fast it is.</summary>
public sealed class BenchCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yolact-bench-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Stages_worker_and_a_kept_report()
    {
        DatasetSynth.Write(new DatasetSynthOptions { Seed = 12, Count = 2, Width = 320, Height = 240, Threads = 1 }, Path("belt"), cancel: TestContext.Current.CancellationToken);
        string kept = Path("kept.json");

        (int code, string text) = await RunAsync(
            Path("belt/images"), "--frames", "2", "--warm-up", "1", "--objects", "5", "--worker", "--save", kept, "--json");

        Assert.Equal(ExitCode.Ok, code);
        using JsonDocument report = JsonDocument.Parse(text);
        string[] rows = [.. report.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("name").GetString()!)];
        Assert.Equal(Expected.Order(), rows.Order());
        foreach (JsonElement row in report.RootElement.GetProperty("rows").EnumerateArray())
            Assert.True(row.GetProperty("median").GetDouble() > 0 && row.GetProperty("percentile99").GetDouble() >= row.GetProperty("median").GetDouble(), row.ToString());
        JsonElement worker = report.RootElement.GetProperty("worker");
        Assert.True(worker.GetProperty("worker_fps").GetDouble() > 0);
        Assert.True(worker.GetProperty("published").GetInt64() > 0);
        Assert.Equal(0, report.RootElement.GetProperty("allocated_bytes").GetDouble(), 64.0);

        (code, text) = await RunAsync(Path("belt/images"), "--frames", "1", "--no-stages", "--compare", kept, "--published");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("now : before", text, StringComparison.Ordinal);
        Assert.Contains("Titan Xp", text, StringComparison.Ordinal);
    }

    private static readonly string[] Expected =
    [
        "backbone", "pyramid", "prototypes", "heads", "selection", "preprocess", "decode", "NMS", "mask assembly", "re-scoring network",
        "masks at picture size", "publish", "whole graph", "post-process", "sum of its stages", "whole frame", "bare engine run",
    ];

    [Fact]
    public async Task Wrong_input_is_refused()
    {
        await File.WriteAllTextAsync(Path("no-report.json"), "[1, 2]", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path("picture.png"), "no picture", TestContext.Current.CancellationToken);
        foreach (string[] line in (string[][])
            [
                [Path("none.png")],
                [Path("picture.png")],
                [Path("picture.png"), "--frames", "0"],
                [Path("picture.png"), "--objects", "0"],
                [Path("picture.png"), "--size", "1280"],
                [Path("picture.png"), "--compare", Path("no-report.json")],
                [Path("picture.png"), "--compare", Path("none.json")],
                [Path("picture.png"), "--model", "no_such_model"],
            ])
            Assert.Equal(ExitCode.BadInput, (await RunAsync(line)).Code);
    }

    [Fact]
    public async Task A_network_with_made_up_weights_is_made_for_it()
    {
        await File.WriteAllTextAsync(Path("small.json"), """
            {
              "name": "small", "input_size": 128, "normalization": "mean_std",
              "backbone": { "kind": "resnet", "block": "basic", "blocks": [1, 1, 1, 1], "width": 8, "selected_stages": [1, 2, 3],
                            "deformable": { "layers": [0, 1, 1, 1], "interval": 1 } },
              "pyramid": { "channels": 16, "extra_levels": 2 },
              "prototypes": { "count": 8, "channels": 16 },
              "anchors": { "scales": [[12], [24], [48], [96], [150]], "ratios": [1, 0.5, 2], "square": false },
              "mask_rescoring": { "channels": [4, 8] },
              "selection": { "score_floor": 0.05, "nms_iou": 0.5, "nms_top_k": 200, "max_detections": 100 },
              "classes": ["a", "b"]
            }
            """, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Ok, await RunAnyAsync("model", "import", "--synthetic", Path("small.json"), "-o", Path("models")));
        DatasetSynth.Write(new DatasetSynthOptions { Seed = 13, Count = 1, Width = 320, Height = 240, Threads = 1 }, Path("belt"), cancel: TestContext.Current.CancellationToken);

        (int code, string text) = await RunAsync(
            Path("belt/images"), "--model", Path("models/small-synthetic.onnx"), "--frames", "1", "--objects", "7", "--no-stages", "--json");

        Assert.Equal(ExitCode.Ok, code);
        using JsonDocument report = JsonDocument.Parse(text);
        Assert.Equal(7, report.RootElement.GetProperty("objects").GetDouble());
        Assert.NotEmpty(YolactEdgeCommand.Create().Parse("model import").Errors);
        Assert.NotEmpty(YolactEdgeCommand.Create().Parse("model import a.pth --synthetic yolact_base").Errors);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private static async Task<int> RunAnyAsync(params string[] arguments) =>
        await YolactEdgeCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration(), TestContext.Current.CancellationToken);

    private static async Task<(int Code, string Out)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        int code = await YolactEdgeCommand.Create().Parse(["bench", .. arguments])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output }, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}
