using System.CommandLine;
using System.Globalization;
using Yolact.Edge.Commands;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.Quantisation;
using Yolact.Edge.Simulation.Dataset;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Tests.Commands;

/// <summary>The whole command on the bundled model and pictures of the belt.</summary>
public sealed class ModelQuantizeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yolact-quantize-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_bundled_model_is_quantised_runs_and_says_how_it_was_made()
    {
        DatasetSynth.Write(new DatasetSynthOptions { Seed = 11, Count = 4, Width = 320, Height = 240, Threads = 1 }, Path("belt"), cancel: TestContext.Current.CancellationToken);
        string output = Path("new/belt-int8.onnx");

        (int code, string text) = await RunAsync("--calibrate", Path("belt/images"), "--pictures", "3", "-o", output);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("DeformConv", text, StringComparison.Ordinal);
        Assert.True(File.Exists(new ModelFiles(output).Rescore));
        using (Detector detector = Detector.Open(output))
            Assert.Equal((QuantisationTarget.Cpu, 3), (detector.Metadata.Quantisation!.Target, detector.Metadata.Quantisation.Pictures));

        (code, text) = await RunAsync(output, "--calibrate", Path("belt/images"), "-o", Path("again.onnx"));
        Assert.Equal(ExitCode.BadInput, code);
        (code, text) = await RunAsync(output, "--calibrate", Path("belt/images"), "-o", output);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.False(File.Exists(Path("again.onnx")));
    }

    [Fact]
    public async Task Wrong_input_is_refused_and_nothing_is_written()
    {
        Directory.CreateDirectory(Path("empty"));
        Directory.CreateDirectory(Path("broken"));
        await File.WriteAllTextAsync(Path("broken/a.png"), "no picture", TestContext.Current.CancellationToken);
        string output = Path("out.onnx");
        foreach (string[] line in (string[][])
            [
                ["--calibrate", Path("empty"), "-o", output],
                ["--calibrate", Path("none"), "-o", output],
                ["--calibrate", Path("broken"), "-o", output],
                ["--calibrate", Path("broken"), "-o", Path("out.bin")],
                ["--calibrate", Path("broken"), "-o", output, "--pictures", "0"],
                ["--calibrate", Path("broken"), "-o", output, "--weight-bits", "5"],
                ["--calibrate", Path("broken"), "-o", output, "--keep", "no_such_module"],
                [Path("broken/a.png"), "--calibrate", Path("broken"), "-o", output],
            ])
            Assert.Equal(ExitCode.BadInput, (await RunAsync(line)).Code);
        Assert.False(File.Exists(output));
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private static async Task<(int Code, string Out)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        int code = await YolactEdgeCommand.Create().Parse(["model", "quantize", .. arguments])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output }, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}
