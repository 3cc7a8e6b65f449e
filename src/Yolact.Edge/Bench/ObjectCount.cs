using Yolact.Edge.Imaging;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Bench;

/// <summary>The score threshold that leaves just the wanted number of objects, so that runs on different networks and machines do the same work.</summary>
internal static class ObjectCount
{
    /// <summary>Options with that threshold; the usual one where no number is wanted.</summary>
    /// <param name="model">Path of the main graph.</param>
    /// <param name="frame">The picture that decides.</param>
    /// <param name="options">How many, and how the network is run.</param>
    /// <exception cref="InvalidDataException">The network finds nothing in the picture.</exception>
    public static DetectorOptions OptionsFor(string model, Frame frame, BenchOptions options)
    {
        DetectorOptions usual = new() { Engine = options.Engine, Nms = options.Nms, Rescore = options.Rescore };
        if (options.Objects is not { } wanted)
            return usual;
        using Detector all = Detector.Open(model, usual with { ScoreThreshold = 0, FinalThreshold = 0, Rescore = false });
        using DetectionList detections = all.Detect(frame);
        if (detections.Count == 0)
            throw new InvalidDataException("The network finds nothing at all in this picture: choose another, or leave --objects out.");
        float[] scores = [.. detections.Items.ToArray().Select(detection => detection.ClassScore).OrderDescending()];
        // Of equal scores rather too many than none.
        float cut = wanted >= scores.Length ? 0
            : scores[wanted - 1] > scores[wanted] ? (scores[wanted - 1] + scores[wanted]) / 2
            : Math.Max(0, MathF.BitDecrement(scores[wanted]));
        return usual with { ScoreThreshold = cut, FinalThreshold = 0 };
    }
}
