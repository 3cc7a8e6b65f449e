using System.Globalization;
using System.Runtime.InteropServices;
using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Failures;
using Yolact.Edge.Evaluation.Metrics;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Drawing;
using Yolact.Edge.Vision.Pictures;

namespace Yolact.Edge.Evaluation;

/// <summary>
/// Draws what went wrong: red, objects that were missed; orange, those found as another class; yellow, other wrong detections, with their
/// scores. The worst picture has number 1.
/// </summary>
internal static class FailurePictures
{
    private static readonly (byte Blue, byte Green, byte Red) MissedColor = (40, 40, 230), ConfusedColor = (0, 130, 255), WrongColor = (0, 230, 255);

    /// <summary>Draws into a folder.</summary>
    /// <param name="failures">The worst first.</param>
    /// <param name="dataset">Names classes.</param>
    /// <param name="images">The folder that the data set's file names start from.</param>
    /// <param name="folder">Is made where missing.</param>
    /// <exception cref="PictureException">A picture is missing or cannot be read.</exception>
    public static void Draw(IReadOnlyList<ImageFailure> failures, CocoDataset dataset, string images, string folder)
    {
        Directory.CreateDirectory(folder);
        FramePool pool = new(keep: 1);
        foreach ((int index, ImageFailure failure) in failures.Index())
        {
            using Frame frame = PictureFile.Read(Path.Combine(images, failure.Image.FileName), pool);
            string name = $"{index + 1:00}_{Path.GetFileNameWithoutExtension(failure.Image.FileName)}.png";
            Overlay.Draw(frame, CollectionsMarshal.AsSpan(Marks(failure, dataset))).Save(Path.Combine(folder, name));
        }
    }

    private static List<OverlayMark> Marks(ImageFailure failure, CocoDataset dataset)
    {
        List<OverlayMark> marks = [];
        List<Candidate> wrong = [.. failure.Wrong];
        foreach (CocoAnnotation truth in failure.Missed)
        {
            BinaryMask mask = truth.Segmentation!.ToMask(failure.Image);
            string name = NameOf(dataset, truth.CategoryId);
            int other = wrong.FindIndex(detection => IsSameThing(detection.Mask, mask));
            marks.Add(other < 0
                ? new(BoxOf(truth.Box), mask, $"missed {name}", MissedColor)
                : new(BoxOf(truth.Box), mask, $"{name} taken for {Describe(wrong[other], dataset)}", ConfusedColor));
            if (other >= 0)
                wrong.RemoveAt(other);
        }
        marks.AddRange(wrong.Select(detection =>
            new OverlayMark(BoxOf(detection.Box), detection.Mask, $"wrong {Describe(detection, dataset)}", WrongColor)));
        return marks;
    }

    private static bool IsSameThing(BinaryMask a, BinaryMask b) => a.Width == b.Width && a.Height == b.Height && MaskMeasures.Iou(a, b) >= .5;

    private static string Describe(Candidate detection, CocoDataset dataset) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(dataset, detection.CategoryId)} {detection.Score:0.00}");

    private static string NameOf(CocoDataset dataset, long categoryId) => dataset.FindCategory(categoryId)!.Name;

    private static Box BoxOf(CocoBox box) => new((float)box.X, (float)box.Y, (float)(box.X + box.Width), (float)(box.Y + box.Height));
}
