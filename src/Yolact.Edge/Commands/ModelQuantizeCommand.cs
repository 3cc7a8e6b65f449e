using System.CommandLine;
using Yolact.Edge.Detecting;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.Quantisation;
using Yolact.Edge.Models;
using Yolact.Edge.Vision.Calibration;

namespace Yolact.Edge.Commands;

/// <summary><c>model quantize</c>: a model in int8 of one in floats.</summary>
public static class ModelQuantizeCommand
{
    private const int DefaultPictures = 64;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        QuantisationOptions defaults = new();
        var model = new Argument<string?>("MODEL") { Description = "An .onnx file, a folder with one, or a model's name; the bundled one if left out.", Arity = ArgumentArity.ZeroOrOne };
        var calibrate = new Option<string>("--calibrate")
        {
            Description = "Pictures of what the network will see (not those it is judged by): a folder, a file or a pattern.",
            Required = true,
            HelpName = "FOLDER",
        };
        var pictures = new Option<int>("--pictures") { Description = "How many of them to use, spread evenly.", DefaultValueFactory = _ => DefaultPictures };
        var output = new Option<FileInfo>("--output", "-o") { Description = "The file to write; the re-scoring graph is copied beside it.", Required = true, HelpName = "OUT.onnx" };
        var target = new Option<QuantisationTarget>("--target")
        {
            Description = "cpu: uint8 activations, as ONNX Runtime's kernels run fast; tensorrt: int8 activations with zero point 0, float biases.",
            DefaultValueFactory = _ => defaults.Target,
        };
        var method = new Option<RangeMethod>("--method") { Description = "How a value's range is chosen from what was seen.", DefaultValueFactory = _ => defaults.Method };
        var percentile = new Option<double>("--percentile") { Description = "Share that --method percentile keeps, 99 to 100.", DefaultValueFactory = _ => defaults.Percentile };
        var bits = new Option<int>("--weight-bits") { Description = "8, or 7 for x86 processors without VNNI, whose sums of products may overflow.", DefaultValueFactory = _ => defaults.WeightBits };
        var keep = new Option<string[]>("--keep") { Description = "Leave nodes whose names begin so in floats, such as 'proto_net'; may be given several times.", HelpName = "PREFIX" };
        var command = new Command("quantize", """
            Make a model in int8 of one in floats (static quantisation, QuantizeLinear/DequantizeLinear): smaller, and two to three times as fast on a CPU
            with VNNI or dot-product instructions. The float network runs on the pictures given, and the values seen there become the scales.
            What stays in floats is printed with its reason, and written into the file ('model info').

            Check the result with 'eval' against the float model on annotated pictures of your own.

            Examples:
              yolact-edge model quantize --calibrate train/images -o belt-int8.onnx
              yolact-edge model quantize yolact_plus_resnet50 --calibrate photos --target tensorrt -o plus-int8.onnx

            Exit codes: 0 written; 1 the file could not be written; 2 the model or a picture is wrong; 130 stopped.
            """)
        { model, calibrate, pictures, output, target, method, percentile, bits, keep };
        command.SetAction((result, cancellation) => Task.Run(() => CommandErrors.Guard(() => Quantize(
            ModelFolders.Find(result.GetValue(model)), Spread(PictureInputs.Resolve(result.GetRequiredValue(calibrate)), result.GetValue(pictures)),
            new QuantisationOptions
            {
                Target = result.GetValue(target),
                Method = result.GetValue(method),
                Percentile = result.GetValue(percentile),
                WeightBits = result.GetValue(bits),
                Keep = result.GetValue(keep) ?? [],
            },
            new ModelFiles(result.GetRequiredValue(output).FullName), result.InvocationConfiguration.Output, cancellation))));
        return command;
    }

    private static int Quantize(ModelFiles files, IReadOnlyList<string> pictures, QuantisationOptions options, ModelFiles output, TextWriter text,
        CancellationToken cancellation)
    {
        if (Path.GetFullPath(files.Main) == output.Main)
            throw new InvalidDataException($"{output.Main} is the model itself: give another file with --output.");
        if (Path.GetExtension(output.Main) != ".onnx")
            throw new InvalidDataException($"--output {output.Main}: a file name that ends in .onnx is expected.");
        ModelQuantiser quantiser = ModelQuantiser.Open(files, options);
        IReadOnlyDictionary<string, IReadOnlyList<ValueHistogram>>? seen = null;
        Progress.Start($"{pictures.Count} pictures", progress => seen = Calibrator.Run(quantiser, pictures, progress, cancellation));
        Directory.CreateDirectory(Path.GetDirectoryName(output.Main)!);
        QuantisationRecord record = quantiser.Write(seen!, pictures.Count, output);
        text.WriteLine($"{output.Main} ({new FileInfo(output.Main).Length / 1048576.0:F1} MiB; in floats {new FileInfo(files.Main).Length / 1048576.0:F1} MiB)");
        text.WriteLine($"{record.Operators} operators in int8, for {options.Target}, ranges by {record.Method} over {record.Pictures} pictures. In floats stay:");
        foreach (string kept in record.Kept)
            text.WriteLine($"  {kept}");
        return ExitCode.Ok;
    }

    // Neighbours in a folder are often neighbours in time, and alike.
    private static IReadOnlyList<string> Spread(IReadOnlyList<string> pictures, int count) => count switch
    {
        < 1 => throw new InvalidDataException($"--pictures {count}: at least 1 is expected."),
        _ when count >= pictures.Count => pictures,
        _ => [.. Enumerable.Range(0, count).Select(i => pictures[(int)((long)i * pictures.Count / count)])],
    };
}
