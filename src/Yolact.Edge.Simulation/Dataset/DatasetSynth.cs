using System.Text.Json;
using SkiaSharp;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Rle;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Dataset;

/// <summary>Writes pictures of sampled belt worlds and their exact masks as a COCO data set.</summary>
public static class DatasetSynth
{
    /// <summary>Instances with fewer visible px are left out.</summary>
    public const int MinVisiblePixels = 60;

    /// <summary>Instances of which a smaller share is visible are left out.</summary>
    public const double MinVisibleShare = 0.05;

    /// <summary>Writes a data set: <c>annotations.json</c> and <c>images/NNNNNN.png</c>.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="directory">A folder that does not exist yet or is empty; it appears complete or not at all.</param>
    /// <param name="pictureDone">Is called after each picture, from several threads at once.</param>
    /// <param name="cancel">Stops the work; nothing stays behind.</param>
    /// <returns>How many instances were written.</returns>
    /// <exception cref="ArgumentException">Options out of range.</exception>
    /// <exception cref="IOException">The folder is not empty or cannot be written.</exception>
    public static int Write(DatasetSynthOptions options, string directory, Action? pictureDone = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        string target = Path.GetFullPath(directory);
        if (Refusal(target) is { } refusal)
            throw new IOException(refusal);
        string building = $"{Path.TrimEndingDirectorySeparator(target)}.{Environment.ProcessId}.partial";
        Directory.CreateDirectory(Path.Combine(building, "images"));
        try
        {
            int instances = WriteInto(options, building, pictureDone, cancel);
            if (Directory.Exists(target))
                Directory.Delete(target);
            Directory.Move(building, target);
            return instances;
        }
        catch
        {
            Directory.Delete(building, recursive: true);
            throw;
        }
    }

    /// <summary>Why a folder cannot take a data set: what is there and what to do; null where it can.</summary>
    /// <param name="directory">The folder.</param>
    public static string? Refusal(string directory) =>
        File.Exists(directory) ? $"{directory} is a file; name a folder for the data set."
        : Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()
            ? $"{directory} is not empty; name a new folder, or empty it first."
        : null;

    private static int WriteInto(DatasetSynthOptions options, string directory, Action? pictureDone, CancellationToken cancel)
    {
        var instances = new List<CocoAnnotation>[options.Count];
        var pool = new FramePool(options.Threads);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancel };
        Parallel.For(0, options.Count, parallel, index =>
        {
            (BeltWorld world, MonotonicTime time) = SceneSampler.Sample(options.Seed, index, options.Width, options.Height);
            using var view = new BeltView(world);
            using Frame frame = pool.Rent(FrameLayout.Packed(options.Width, options.Height, PixelFormat.Bgrx32));
            view.Render(time, frame);
            WritePng(frame, Path.Combine(directory, "images", FileName(index)));
            instances[index] = [.. view.TruthAt(time).Where(IsLarge).Select(part => Annotate(part, index))];
            pictureDone?.Invoke();
        });
        var annotations = instances.SelectMany(list => list).Select((annotation, i) => annotation with { Id = i + 1 }).ToList();
        var document = new CocoDocument(
            new("Rendered belt of parts with exact masks", options.Seed),
            [.. Enumerable.Range(0, options.Count).Select(i => new CocoImage(i + 1, FileName(i), options.Width, options.Height))],
            annotations,
            [.. BeltParts.ClassNames.Select((name, i) => new CocoCategory(i + 1, name, "part"))]);
        using FileStream json = File.Create(Path.Combine(directory, "annotations.json"));
        JsonSerializer.Serialize(json, document, CocoDocumentJson.Default.CocoDocument);
        return annotations.Count;
    }

    private static string FileName(int index) => $"{index + 1:000000}.png";

    private static bool IsLarge(VisiblePart part) =>
        part.Area >= MinVisiblePixels && part.Area >= MinVisibleShare * part.WholeArea;

    private static CocoAnnotation Annotate(VisiblePart part, int index) => new(
        0, index + 1, (int)part.Class + 1, [part.Box.X, part.Box.Y, part.Box.Width, part.Box.Height], part.Area,
        new([part.Mask.Height, part.Mask.Width], RunLengthEncoder.EncodeToString(part.Mask)), 0);

    // Fast rather than small: noise hardly compresses.
    private static unsafe void WritePng(Frame frame, string path)
    {
        var info = new SKImageInfo(frame.Width, frame.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using FileStream file = File.Create(path);
        fixed (byte* pixels = frame.Pixels)
        {
            using var pixmap = new SKPixmap(info, (nint)pixels, frame.Layout.Stride);
            if (!pixmap.Encode(file, new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 1)))
                throw new IOException($"{path} could not be encoded.");
        }
    }
}
