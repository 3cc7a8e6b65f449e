using System.Diagnostics;
using Yolact.Edge.Imaging;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Vision.Decoding;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Masks;
using Yolact.Edge.Vision.Preprocessing;
using Yolact.Edge.Vision.Rescoring;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Vision;

/// <summary>
/// From the network's outputs to detections, in the reference's order: boxes of the candidates, NMS, threshold on the class
/// score, soft masks cropped at prototype size, re-scoring, masks at the picture's size (layers/functions/detection.py and
/// layers/output_utils.py of dbolya/yolact). Holds scratch memory: one thread at a time.
/// </summary>
internal sealed class PostProcessor : IDisposable
{
    private readonly DetectorOptions _options;
    private readonly YolactConfig _config;
    private readonly float[] _priors;
    private readonly int _side;
    private readonly Candidates _candidates;
    private readonly Suppressor _suppressor;
    private readonly SelectedCandidate[] _selected;
    private readonly RescoringSlot? _rescoring;
    private readonly MaskMaker _masks;
    private readonly float[] _row;
    private readonly float[] _single;
    private readonly PixelRect[] _batchCrops;
    private long _assembly, _rescored;

    public PostProcessor(DetectionEngine engine, RescoringEngine? rescoring, DetectorOptions options)
    {
        (_options, _config, _priors, _side) = (options, engine.Config, engine.Priors, engine.PrototypeSide);
        _candidates = new Candidates(engine.CandidateCount);
        _rescoring = rescoring?.CreateSlot();
        SelectionConfig selection = _config.Selection;
        // Where re-scoring changes the order, NMS keeps what the network allows, and the best of these are chosen afterwards.
        int own = options.Nms == NmsMode.CrossClass ? selection.NmsTopK : selection.MaxDetections;
        int most = rescoring is null ? options.MaxDetections ?? own : Math.Max(own, options.MaxDetections ?? 0);
        _selected = new SelectedCandidate[most];
        _suppressor = new Suppressor(
            options.Nms, _config.Classes.Count, selection.NmsTopK, most, selection.NmsIou, selection.ScoreFloor,
            _config.InputSize);
        _masks = new MaskMaker(_side, options.Masks);
        _row = new float[_side + SoftMask.Slack];
        _single = _rescoring is null ? new float[_side * _side] : [];
        _batchCrops = new PixelRect[rescoring?.Batch ?? 1];
    }

    /// <summary>Where the time of the last picture went.</summary>
    public FinishTimes Times { get; private set; }

    /// <summary>Fills a list with the detections of a picture.</summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="width">Columns of the picture, in px.</param>
    /// <param name="height">Rows of the picture, in px.</param>
    /// <param name="view">What the network saw of it.</param>
    /// <param name="detections">An empty list.</param>
    public void Run(EngineSlot outputs, int width, int height, PictureView view, DetectionList detections)
    {
        long start = Stopwatch.GetTimestamp();
        (_assembly, _rescored) = (0, 0);
        Span<float> probability = outputs.ClassProbability.Span;
        float floor = _config.Selection.ScoreFloor;
        _candidates.Fill(outputs.PriorIndex.Span, probability, outputs.BoxRegression.Span, _priors, floor);
        long decoded = Stopwatch.GetTimestamp();
        int count = _suppressor.Select(_candidates, probability, _options.ScoreThreshold, _selected);
        long selectedAt = Stopwatch.GetTimestamp();
        ReadOnlySpan<SelectedCandidate> selected = _selected.AsSpan(0, count);

        PixelRect region = view.RegionOf(width, height);
        _masks.Begin(width, height, region, view.Rotation);
        int words = 0;
        foreach (SelectedCandidate one in selected)
            words += _masks.WordsFor(CropOf(one));
        detections.Begin(width, height, outputs.Overflow.Span[0] > floor, count, words);
        for (int first = 0; first < count; first += _batchCrops.Length)
            Finish(outputs, selected[first..Math.Min(count, first + _batchCrops.Length)], region, view, detections);
        detections.SortAndKeep(_options.MaxDetections ?? int.MaxValue);
        TimeSpan assembly = Stopwatch.GetElapsedTime(0, _assembly), rescored = Stopwatch.GetElapsedTime(0, _rescored);
        Times = new(Stopwatch.GetElapsedTime(start, decoded), Stopwatch.GetElapsedTime(decoded, selectedAt), assembly, rescored,
            Stopwatch.GetElapsedTime(selectedAt) - assembly - rescored);
    }

    /// <inheritdoc/>
    public void Dispose() => _rescoring?.Dispose();

    // A batch of the re-scoring network, or one detection at a time without it.
    private void Finish(
        EngineSlot outputs, ReadOnlySpan<SelectedCandidate> batch, PixelRect region, PictureView view, DetectionList detections)
    {
        long start = Stopwatch.GetTimestamp();
        int area = _side * _side, dimensions = _config.Prototypes.Count;
        bool soft = _rescoring is not null || _options.Masks != MaskResolution.None;
        Span<float> planes = _rescoring is null ? _single : _rescoring.Masks.Span;
        for (int i = 0; soft && i < batch.Length; i++)
        {
            Span<float> plane = planes.Slice(i * area, area);
            if (_rescoring is not null)
                Clear(plane, _batchCrops[i]);
            _batchCrops[i] = CropOf(batch[i]);
            ReadOnlySpan<float> coefficients =
                outputs.MaskCoefficient.Span.Slice(_candidates.Row[batch[i].Candidate] * dimensions, dimensions);
            SoftMask.Assemble(outputs.Prototype.SpanWithSlack, _side, _side, coefficients, _batchCrops[i], plane, _row);
        }
        long assembled = Stopwatch.GetTimestamp();
        _assembly += assembled - start;
        if (_rescoring is not null)
        {
            _rescoring.Run();
            _rescored += Stopwatch.GetTimestamp() - assembled;
        }
        for (int i = 0; i < batch.Length; i++)
        {
            SelectedCandidate one = batch[i];
            float maskIou = _rescoring is null ? float.NaN : _rescoring.MaskIou.Span[(i * _config.Classes.Count) + one.ClassId];
            Box box = PixelSpan.Of(view.Unturn(_candidates.Boxes[one.Candidate]), region.Width, region.Height);
            box = new Box(box.X1 + region.X, box.Y1 + region.Y, box.X2 + region.X, box.Y2 + region.Y);
            var detection = new Detection(one.ClassId, one.Score, maskIou, box, _candidates.Prior[one.Candidate], default);
            if (!(detection.Score >= _options.FinalThreshold))
                continue;
            if (soft)
            {
                PixelRect crop = _batchCrops[i];
                detection = detection with
                {
                    Mask = _masks.Make(planes.Slice(i * area, area), crop, detections.TakeWords(_masks.WordsFor(crop))),
                };
            }
            detections.Add(detection);
        }
    }

    private PixelRect CropOf(SelectedCandidate one) => PixelSpan.Crop(_candidates.Boxes[one.Candidate], _side, _side);

    private void Clear(Span<float> plane, PixelRect crop)
    {
        for (int y = crop.Y; y < crop.Bottom; y++)
            plane.Slice((y * _side) + crop.X, crop.Width).Clear();
    }
}
