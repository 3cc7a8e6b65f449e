using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Import;

namespace Yolact.Edge.Vision.Tests.Training;

/// <summary>
/// The trainer's network and the imported graph compute the same function: <c>models/training/parity.py</c> writes networks of
/// random weights with PyTorch's outputs, and both lowerings of the import must agree.
/// </summary>
public sealed class TrainerParityTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-parity-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Every named config, and the half-width one of basic blocks.</summary>
    public static TheoryData<string> Networks => [.. NamedConfigs.All.Select(config => config.Name), "basic_half_width"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_imported_graph_computes_what_the_trainer_computes(string network)
    {
        WriteWithPython(network);
        string folder = Path.Combine(_folder.FullName, network);
        YolactConfig config = ConfigFile.Read(Path.Combine(folder, "config.json"));
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json")));
        float tolerance = manifest.RootElement.GetProperty("tolerance").GetSingle();
        (float[] Values, int[] Shape) Array(string name) => Read(folder, manifest.RootElement.GetProperty("arrays").GetProperty(name));

        foreach (DeformLowering lowering in config.Backbone.Deformable is null ? [DeformLowering.Native] : Enum.GetValues<DeformLowering>())
        {
            ModelFiles files = ModelFiles.In(folder, lowering.ToString());
            ModelImporter.Import(Path.Combine(folder, "model.pth"), config, new ImportOptions { Deform = lowering }, files,
                cancellation: TestContext.Current.CancellationToken);

            using (IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = Run(files.Main, ModelOutputs.Image, Array("image")))
            {
                long[] priors = Values<long>(outputs, ModelOutputs.PriorIndex);
                Assert.Equal(Array("box").Shape[1], priors.Distinct().Count());
                AssertRows(Array("box"), Values<float>(outputs, ModelOutputs.BoxRegression), priors, tolerance);
                AssertRows(Array("probability"), Values<float>(outputs, ModelOutputs.ClassProbability), priors, tolerance);
                AssertRows(Array("coefficient"), Values<float>(outputs, ModelOutputs.MaskCoefficient), priors, tolerance);
                AssertClose(Array("prototype").Values, Values<float>(outputs, ModelOutputs.Prototype), tolerance);
            }
            if (config.MaskRescoring is null)
                continue;
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> rescored = Run(files.Rescore, ModelOutputs.Mask, Array("mask"));
            AssertClose(Array("mask_iou").Values, Values<float>(rescored, ModelOutputs.MaskIou), tolerance);
        }
    }

    private static IDisposableReadOnlyCollection<DisposableNamedOnnxValue> Run(string model, string input, (float[] Values, int[] Shape) array)
    {
        using var session = new InferenceSession(model);
        return session.Run([NamedOnnxValue.CreateFromTensor(input, new DenseTensor<float>(array.Values, array.Shape))]);
    }

    private static T[] Values<T>(IEnumerable<DisposableNamedOnnxValue> outputs, string name) =>
        [.. outputs.Single(output => output.Name == name).AsTensor<T>()];

    /// <summary>Row i of the graph's output belongs to prior <paramref name="priors"/>[i].</summary>
    private static void AssertRows((float[] Values, int[] Shape) expected, float[] actual, long[] priors, float tolerance)
    {
        int width = expected.Shape[2];
        var inPriorOrder = new float[expected.Values.Length];
        for (int row = 0; row < priors.Length; row++)
            actual.AsSpan(row * width, width).CopyTo(inPriorOrder.AsSpan((int)priors[row] * width));
        AssertClose(expected.Values, inPriorOrder, tolerance);
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(expected.Max() - expected.Min() > 0.01f, "an expected output is constant: it would prove nothing");
        float worst = expected.Zip(actual, (e, a) => float.IsNaN(a) ? float.PositiveInfinity : MathF.Abs(e - a)).Max();
        Assert.True(worst <= tolerance, $"differs by {worst:g3}, more than {tolerance:g3}");
    }

    private static (float[] Values, int[] Shape) Read(string folder, JsonElement array)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(folder, array.GetProperty("file").GetString()!));
        return (MemoryMarshal.Cast<byte, float>(bytes).ToArray(), [.. array.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32())]);
    }

    private void WriteWithPython(string network)
    {
        Assert.SkipUnless(File.Exists(Python) && Exit("-c", "import torch, torchvision, PIL, numpy").Code == 0,
            "needs PyTorch for the system's Python: install python3-torch, python3-torchvision and python3-pil");
        (int code, string errors) = Exit(Path.Combine(TrainerFolder(), "parity.py"), _folder.FullName, "--only", network);
        Assert.True(code == 0, errors);
    }

    private static (int Code, string Errors) Exit(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = process.StandardError.ReadToEnd();
        output.Wait(TestContext.Current.CancellationToken);
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

    private static string TrainerFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string trainer = Path.Combine(folder.FullName, "models", "training");
            if (File.Exists(Path.Combine(trainer, "parity.py")))
                return trainer;
        }
        throw new DirectoryNotFoundException("models/training is not above the test's folder");
    }
}
