using Yolact.Edge.Imaging;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Vision.Decoding;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Masks;
using Yolact.Edge.Vision.Preprocessing;
using Yolact.Edge.Vision.Suppression;
using Yolact.Edge.Vision.Tests.Masks;
using Yolact.Edge.Vision.Tests.Suppression;

namespace Yolact.Edge.Vision.Tests;

public class DetectorTests(SmallModel model) : IClassFixture<SmallModel>
{
    private static readonly FramePool Pool = new();
    private static readonly DetectorOptions Everything =
        new() { ScoreThreshold = 0, FinalThreshold = 0, Engine = new() { Threads = 1 } };

    public static TheoryData<NmsMode> Modes => [.. Enum.GetValues<NmsMode>()];

    public static TheoryData<Rotation> Rotations => [.. Enum.GetValues<Rotation>()];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Detections_equal_the_definitions_on_the_networks_outputs(NmsMode mode)
    {
        using Detector detector = Detector.Open(model.Files.Main, Everything with { Nms = mode });
        using DetectorSlot slot = detector.CreateSlot();
        using Frame frame = SmallModel.Picture(320, 200, 1, Pool);
        detector.Prepare(frame, slot);
        detector.Infer(slot);
        using DetectionList found = detector.Finish(slot);

        YolactConfig config = detector.Config;
        EngineSlot outputs = slot.Engine;
        int columns = config.ClassesWithBackground, k = outputs.PriorIndex.Span.Length, side = 64;
        int dimensions = config.Prototypes.Count;
        int[] rows = [.. Enumerable.Range(0, k).Where(i => Scores(outputs, i, columns).Max() > config.Selection.ScoreFloor)
            .OrderBy(i => outputs.PriorIndex.Span[i])];
        Assert.NotEmpty(rows);
        float[] priors = Model.Anchors.AnchorGrid.Create(config);
        Box[] boxes = [.. rows.Select(i => BoxDecoder.Decode(
            priors.AsSpan((int)outputs.PriorIndex.Span[i] * 4, 4), outputs.BoxRegression.Span.Slice(i * 4, 4)))];
        float[][] scores = [.. rows.Select(i => Scores(outputs, i, columns))];
        SelectionConfig selection = config.Selection;
        List<SelectedCandidate> expected = mode switch
        {
            NmsMode.Fast => ScalarNms.Fast(boxes, scores, 200, selection.NmsIou, 0, 100),
            NmsMode.CrossClass => ScalarNms.CrossClass(boxes, scores, 200, selection.NmsIou, 0, 200),
            _ => ScalarNms.Traditional(boxes, scores, selection.NmsIou, selection.ScoreFloor, config.InputSize, 0, 100),
        };
        Assert.Equal(
            expected.Select(s => (s.ClassId, (int)outputs.PriorIndex.Span[rows[s.Candidate]], s.Score)).ToHashSet(),
            found.Items.ToArray().Select(d => (d.ClassId, d.Prior, d.ClassScore)).ToHashSet());
        Assert.Equal(found.Items.ToArray().Select(d => d.Score).OrderDescending(), found.Items.ToArray().Select(d => d.Score));

        float[] prototypes = outputs.Prototype.Span.ToArray();
        int pixels = 0;
        foreach (SelectedCandidate one in expected.Take(30))
        {
            int row = rows[one.Candidate];
            Detection detection = found.Items.ToArray()
                .Single(d => d.Prior == outputs.PriorIndex.Span[row] && d.ClassId == one.ClassId);
            float[] coefficients = outputs.MaskCoefficient.Span.Slice(row * dimensions, dimensions).ToArray();
            double[,] full =
                ScalarMask.Upsampled(ScalarMask.Soft(prototypes, side, coefficients, boxes[one.Candidate]), 320, 200);
            for (int y = 0; y < 200; y++)
            {
                for (int x = 0; x < 320; x++)
                {
                    pixels += detection.Mask[x, y] ? 1 : 0;
                    if (Math.Abs(full[y, x] - 0.5) > 1e-5)
                        Assert.Equal(full[y, x] > 0.5, detection.Mask[x, y]);
                }
            }
        }
        Assert.True(pixels > 0);
    }

    [Fact]
    public void Re_scoring_in_padded_batches_equals_one_mask_at_a_time()
    {
        using Detector detector = Detector.Open(model.Files.Main, Everything);
        Assert.True(detector.Rescores);
        using Frame frame = SmallModel.Picture(200, 200, 2, Pool);
        using DetectionList all = detector.Detect(frame);
        Assert.True(all.Count > 32, "more than two batches");
        Assert.All(all.Items.ToArray(), d => Assert.True(d.MaskIou >= 0));
        Assert.True(all.Items.ToArray().Select(d => d.MaskIou).Distinct().Count() > 10);

        // With fewer detections the others' masks are gone from the batch; those that stay must come out the same.
        float threshold = all.Items.ToArray().OrderByDescending(d => d.ClassScore).ElementAt(20).ClassScore;
        using Detector few = Detector.Open(model.Files.Main, Everything with { ScoreThreshold = threshold });
        using DetectionList part = few.Detect(frame);
        Assert.InRange(part.Count, 1, 20);
        foreach (Detection detection in part)
        {
            Detection same = all.Items.ToArray().Single(d => d.Prior == detection.Prior && d.ClassId == detection.ClassId);
            Assert.Equal(same.MaskIou, detection.MaskIou, 1e-5f);
        }
    }

    [Fact]
    public void A_picture_does_not_depend_on_the_one_before()
    {
        using Detector detector = Detector.Open(model.Files.Main, Everything);
        using Frame one = SmallModel.Picture(200, 120, 3, Pool), other = SmallModel.Picture(90, 300, 4, Pool);
        using DetectionList first = detector.Detect(one);
        detector.Detect(other).Dispose();
        using DetectionList again = detector.Detect(one);
        AssertSame(first, again);
    }

    [Fact]
    public void Frames_may_overlap_in_different_slots()
    {
        using Detector detector = Detector.Open(model.Files.Main, Everything);
        using Frame one = SmallModel.Picture(200, 120, 5, Pool), other = SmallModel.Picture(200, 120, 6, Pool);
        using DetectorSlot a = detector.CreateSlot(), b = detector.CreateSlot();
        detector.Prepare(one, a);
        detector.Prepare(other, b);
        Parallel.Invoke(() => detector.Infer(a), () => detector.Infer(b));
        DetectionList? fromA = null, fromB = null;
        Parallel.Invoke(() => fromA = detector.Finish(a), () => fromB = detector.Finish(b));
        using DetectionList expectedA = detector.Detect(one), expectedB = detector.Detect(other);
        AssertSame(expectedA, fromA!);
        AssertSame(expectedB, fromB!);
        fromA!.Dispose();
        fromB!.Dispose();
    }

    [Fact]
    public void A_region_of_interest_is_its_own_picture_moved_back()
    {
        using Detector detector = Detector.Open(model.Files.Main, Everything);
        using Frame frame = SmallModel.Picture(300, 200, 7, Pool);
        var region = new PixelRect(40, 30, 180, 120);
        using Frame cut = Pool.Rent(FrameLayout.Packed(region.Width, region.Height, PixelFormat.Rgb24));
        for (int y = 0; y < region.Height; y++)
            frame.Row(region.Y + y).Slice(3 * region.X, 3 * region.Width).CopyTo(cut.Row(y));
        using DetectionList inFull = detector.Detect(frame, new PictureView(region)), inCut = detector.Detect(cut);
        Assert.Equal(inCut.Count, inFull.Count);
        for (int i = 0; i < inCut.Count; i++)
        {
            Detection a = inCut[i], b = inFull[i];
            Assert.Equal((a.ClassId, a.Prior, a.ClassScore, a.MaskIou), (b.ClassId, b.Prior, b.ClassScore, b.MaskIou));
            Assert.Equal(a.Box.X1 + region.X, b.Box.X1, 1e-3f);
            Assert.Equal(a.Box.Y2 + region.Y, b.Box.Y2, 1e-3f);
            Assert.Equal((300, 200), (b.Mask.Width, b.Mask.Height));
            Assert.Equal(a.Mask.Area(), b.Mask.Area());
            for (int y = 0; y < region.Height; y++)
            {
                for (int x = 0; x < region.Width; x++)
                    Assert.Equal(a.Mask[x, y], b.Mask[x + region.X, y + region.Y]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rotations))]
    public void A_turned_view_finds_what_a_turned_picture_shows(Rotation rotation)
    {
        using Detector detector = Detector.Open(model.Files.Main, Everything with { MaxDetections = 20 });
        using Frame frame = SmallModel.Picture(210, 130, 8, Pool);
        using Frame turned = Turn(frame, rotation);
        using DetectionList byView = detector.Detect(frame, new PictureView(null, rotation)), byPicture = detector.Detect(turned);
        // The order of near-equal scores may differ by float noise.
        Dictionary<(int, int), Detection> expected = byPicture.Items.ToArray().ToDictionary(d => (d.ClassId, d.Prior));
        int matched = 0;
        foreach (Detection detection in byView)
        {
            if (!expected.TryGetValue((detection.ClassId, detection.Prior), out Detection other))
                continue;
            matched++;
            Assert.Equal(other.ClassScore, detection.ClassScore, 1e-4f);
            int different = 0;
            for (int y = 0; y < frame.Height; y++)
            {
                for (int x = 0; x < frame.Width; x++)
                {
                    (int tx, int ty) = Turned(x, y, frame, rotation);
                    different += other.Mask[tx, ty] == detection.Mask[x, y] ? 0 : 1;
                }
            }
            Assert.InRange(different, 0, 2 + (other.Mask.Area() / 200));
            Box back = detection.Box;
            Box ahead = rotation switch
            {
                Rotation.Clockwise90 => new(frame.Height - back.Y2, back.X1, frame.Height - back.Y1, back.X2),
                Rotation.Clockwise180 =>
                    new(frame.Width - back.X2, frame.Height - back.Y2, frame.Width - back.X1, frame.Height - back.Y1),
                Rotation.Clockwise270 => new(back.Y1, frame.Width - back.X2, back.Y2, frame.Width - back.X1),
                _ => back,
            };
            Assert.Equal(other.Box.X1, ahead.X1, 0.02f);
            Assert.Equal(other.Box.Y1, ahead.Y1, 0.02f);
            Assert.Equal(other.Box.X2, ahead.X2, 0.02f);
            Assert.Equal(other.Box.Y2, ahead.Y2, 0.02f);
        }
        Assert.InRange(matched, 18, 20);
    }

    [Fact]
    public void Thresholds_and_limits_hold()
    {
        using Frame frame = SmallModel.Picture(200, 120, 9, Pool);
        using Detector all = Detector.Open(model.Files.Main, Everything);
        using DetectionList every = all.Detect(frame);
        float middle = every[every.Count / 2].Score;
        float score = every.Items.ToArray().Select(d => d.ClassScore).Order().ElementAt(every.Count / 2);

        using Detector final = Detector.Open(model.Files.Main, Everything with { FinalThreshold = middle });
        using DetectionList above = final.Detect(frame);
        Assert.Equal(every.Items.ToArray().Count(d => d.Score >= middle), above.Count);

        using Detector first = Detector.Open(model.Files.Main, Everything with { ScoreThreshold = score });
        using DetectionList likely = first.Detect(frame);
        Assert.Equal(every.Items.ToArray().Count(d => d.ClassScore > score), likely.Count);

        using Detector best = Detector.Open(model.Files.Main, Everything with { MaxDetections = 7 });
        using DetectionList seven = best.Detect(frame);
        Assert.Equal(every.Items[..7].ToArray().Select(d => d.Prior), seven.Items.ToArray().Select(d => d.Prior));

        using Detector plain = Detector.Open(model.Files.Main, Everything with { Rescore = false, Masks = MaskResolution.None });
        using DetectionList bare = plain.Detect(frame);
        Assert.Equal(every.Count, bare.Count);
        Assert.All(bare.Items.ToArray(), d =>
            Assert.True(float.IsNaN(d.MaskIou) && d.Score == d.ClassScore && d.Mask.Width == 0));
    }

    [Fact]
    public void Masks_at_prototype_resolution_have_its_size()
    {
        using Detector detector = Detector.Open(model.Files.Main, Everything with { Masks = MaskResolution.Prototype });
        using Frame frame = SmallModel.Picture(200, 120, 10, Pool);
        using DetectionList found = detector.Detect(frame);
        Assert.All(found.Items.ToArray(), d => Assert.Equal((64, 64), (d.Mask.Width, d.Mask.Height)));
        Assert.Contains(found.Items.ToArray(), d => d.Mask.Area() > 0);
    }

    [Fact]
    public void A_model_that_takes_bytes_finds_nearly_the_same()
    {
        using Detector floats = Detector.Open(model.Files.Main, Everything);
        using Detector bytes = Detector.Open(model.BytesFiles.Main, Everything);
        // At the network's own size nothing is rounded.
        using Frame frame = SmallModel.Picture(256, 256, 11, Pool);
        using DetectionList expected = floats.Detect(frame), found = bytes.Detect(frame);
        Assert.Equal(expected.Count, found.Count);
        Assert.Equal(expected[0].Prior, found[0].Prior);
        Assert.Equal(expected[0].Score, found[0].Score, 1e-4f);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20000, 10)]
    [InlineData(3, 9000)]
    public void Pictures_of_extreme_shapes_work(int width, int height)
    {
        using Detector detector = Detector.Open(model.Files.Main, Everything);
        using Frame frame = SmallModel.Picture(width, height, 12, Pool);
        using DetectionList found = detector.Detect(frame);
        foreach (Detection detection in found)
        {
            Assert.Equal((width, height), (detection.Mask.Width, detection.Mask.Height));
            Assert.True(detection.Box.X1 >= 0 && detection.Box.X2 <= width && detection.Box.Y1 >= 0
                && detection.Box.Y2 <= height);
        }
    }

    [Fact]
    public void A_list_given_back_cannot_be_read()
    {
        using Detector detector = Detector.Open(model.Files.Main, Everything);
        using Frame frame = SmallModel.Picture(64, 64, 13, Pool);
        DetectionList list = detector.Detect(frame);
        list.Dispose();
        list.Dispose();
        Assert.Throws<ObjectDisposedException>(() => list.Items.Length);
    }

    [Fact]
    public void Invalid_options_are_listed_at_once()
    {
        var engine = new EngineOptions { Threads = -1 };
        var options = new DetectorOptions { ScoreThreshold = 2, FinalThreshold = float.NaN, MaxDetections = 0, Engine = engine };
        ArgumentException error = Assert.Throws<ArgumentException>(() => Detector.Open(model.Files.Main, options));
        Assert.All(["score_threshold", "final_threshold", "max_detections", "engine.threads"], part =>
            Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_slot_serves_its_own_detector_alone()
    {
        using Detector one = Detector.Open(model.Files.Main, Everything), other = Detector.Open(model.Files.Main, Everything);
        using DetectorSlot slot = one.CreateSlot();
        Assert.Throws<ArgumentException>(() => other.Infer(slot));
    }

    private static float[] Scores(EngineSlot outputs, int row, int columns) =>
        outputs.ClassProbability.Span.Slice((row * columns) + 1, columns - 1).ToArray();

    private static void AssertSame(DetectionList expected, DetectionList found)
    {
        Assert.Equal(expected.Count, found.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i] with { Mask = default }, found[i] with { Mask = default });
            Assert.Equal(expected[i].Mask.Region, found[i].Mask.Region);
            Assert.True(expected[i].Mask.Words.Span.SequenceEqual(found[i].Mask.Words.Span));
        }
    }

    private static (int X, int Y) Turned(int x, int y, Frame frame, Rotation rotation) => rotation switch
    {
        Rotation.Clockwise90 => (frame.Height - 1 - y, x),
        Rotation.Clockwise180 => (frame.Width - 1 - x, frame.Height - 1 - y),
        Rotation.Clockwise270 => (y, frame.Width - 1 - x),
        _ => (x, y),
    };

    private static Frame Turn(Frame frame, Rotation rotation)
    {
        bool quarter = rotation is Rotation.Clockwise90 or Rotation.Clockwise270;
        Frame turned = Pool.Rent(FrameLayout.Packed(quarter ? frame.Height : frame.Width, quarter ? frame.Width : frame.Height,
            frame.Format));
        for (int y = 0; y < frame.Height; y++)
        {
            for (int x = 0; x < frame.Width; x++)
            {
                (int tx, int ty) = Turned(x, y, frame, rotation);
                frame.Row(y).Slice(3 * x, 3).CopyTo(turned.Row(ty)[(3 * tx)..]);
            }
        }
        return turned;
    }
}
