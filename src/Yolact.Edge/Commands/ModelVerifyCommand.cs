using System.CommandLine;
using Yolact.Edge.Imaging;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.TensorRt;
using Yolact.Edge.Models;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Commands;

/// <summary><c>model verify</c>: whether a model's files are whole and what they claim to be.</summary>
public static class ModelVerifyCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string?>("MODEL") { Description = "An .onnx file, a folder with one, or a model's name; the bundled one if left out.", Arity = ArgumentArity.ZeroOrOne };
        var checkpoint = new Option<FileInfo?>("--checkpoint") { Description = "Import this checkpoint again and compare byte for byte: proves that the model is what the checkpoint gives." };
        var command = new Command("verify", """
            Check a model: its metadata, the shapes of its inputs and outputs, one run on the CPU, and what TensorRT's parser says of its operators by its
            published table (which is no proof that a device runs it).

            Exit codes: 0 all is well; 2 something is wrong, which is named.
            """)
        { model, checkpoint };
        command.SetAction((result, cancellation) => Task.Run(() => CommandErrors.Guard(() =>
            Verify(ModelFolders.Find(result.GetValue(model)), result.GetValue(checkpoint), cancellation))));
        return command;
    }

    private static int Verify(ModelFiles files, FileInfo? checkpoint, CancellationToken cancellation)
    {
        ModelMetadata metadata = OnnxMetadata.Read(files.Main);
        Say($"{files.Main}: {metadata.Config.Name}, written by {metadata.Builder}");
        using (Detector detector = Detector.Open(files.Main, new() { Engine = new() { Provider = ExecutionProvider.Cpu } }))
        {
            using Frame frame = TestPicture(metadata.Config.InputSize);
            using DetectionList detections = detector.Detect(frame);
            Say($"runs on the CPU: inputs, outputs and shapes are those of its config{(detector.Rescores ? ", re-scoring graph included" : "")}");
        }
        foreach (ParserTable table in ParserTable.All)
            SayParser(files, metadata, table);
        return checkpoint is null ? ExitCode.Ok : Compare(files, metadata, checkpoint, cancellation);
    }

    private static void SayParser(ModelFiles files, ModelMetadata metadata, ParserTable table)
    {
        List<string> offences = [.. GraphChecker.Check(files.Main, table)];
        if (metadata.Config.MaskRescoring is not null)
            offences.AddRange(GraphChecker.Check(files.Rescore, table));
        Say(offences.Count == 0
            ? $"TensorRT {table.Version}: accepted by the parser's published table"
            : $"TensorRT {table.Version}: {offences.Count} offences, the first: {offences[0]}");
    }

    private static int Compare(ModelFiles files, ModelMetadata metadata, FileInfo checkpoint, CancellationToken cancellation)
    {
        if (metadata.Quantisation is not null)
            throw new InvalidDataException($"{files.Main} is quantised: no checkpoint gives it alone. Compare the model in floats that it was made from.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("yolact-verify-");
        try
        {
            ModelFiles again = ModelFiles.In(folder.FullName, files.Name);
            Progress.Start($"importing {checkpoint.Name} again", progress =>
                ModelImporter.Import(checkpoint.FullName, metadata.Config, metadata.Options, again, progress, cancellation));
            foreach ((string path, string other) in ((string, string)[])[(files.Main, again.Main), (files.Rescore, again.Rescore)])
            {
                if (File.Exists(path) != File.Exists(other) || (File.Exists(path) && !SameBytes(path, other)))
                    throw new InvalidDataException($"{path} is not what {checkpoint.FullName} gives.");
            }
            Say($"byte for byte what {checkpoint.FullName} gives");
            return ExitCode.Ok;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool SameBytes(string a, string b)
    {
        using FileStream first = File.OpenRead(a), second = File.OpenRead(b);
        return System.Security.Cryptography.SHA256.HashData(first).AsSpan().SequenceEqual(System.Security.Cryptography.SHA256.HashData(second));
    }

    // Smooth, so that nothing special is found in it, and not constant, so that every layer has something to do.
    private static Frame TestPicture(int side)
    {
        Frame frame = new FramePool().Rent(FrameLayout.Packed(side, side, PixelFormat.Rgb24));
        for (int y = 0; y < side; y++)
        {
            Span<byte> row = frame.Row(y);
            for (int x = 0; x < row.Length; x++)
                row[x] = (byte)((x + (2 * y)) & 0xFF);
        }
        return frame;
    }

    private static void Say(string line) => Console.WriteLine(line);
}
