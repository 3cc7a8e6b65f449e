using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Decoding;

namespace Yolact.Edge.Vision.Suppression;

/// <summary>
/// Chooses detections from candidates (layers/functions/detection.py:111-228 of dbolya/yolact). The definition: in each class
/// sort all candidates by score, take the best top-k, drop each that a better one overlaps (<see cref="NmsMode"/> says when),
/// then keep the best of all classes together.
///
/// Done here in one walk over the pairs in descending order of score: a pair is only ever dropped because of better pairs of its
/// class, which the walk has met before. So it can stop when enough pairs stayed, or at the threshold, and the result is the
/// definition's: of 892 candidates x 80 classes a few hundred pairs are looked at. Equal scores are ordered by class, then by
/// prior. Holds scratch memory: one thread at a time.
/// </summary>
internal sealed class Suppressor
{
    private readonly ScoreBands _bands = new();
    private readonly BoxColumns[] _columns;
    private readonly NmsMode _mode;
    private readonly int _topK;
    private readonly float _iou, _scoreFloor, _inputSize;

    /// <summary>A suppressor of one kind.</summary>
    /// <param name="mode">Which NMS.</param>
    /// <param name="classes">C, without background.</param>
    /// <param name="topK">Candidates a class that take part (<see cref="NmsMode.Traditional"/> has no such limit).</param>
    /// <param name="mostSelected">The most that <see cref="Select"/> will be asked for.</param>
    /// <param name="iou">IoU threshold, 0..1.</param>
    /// <param name="scoreFloor">What <see cref="NmsMode.Traditional"/> asks of a class's score in any case.</param>
    /// <param name="inputSize">Side of the network's input in px, in which <see cref="NmsMode.Traditional"/> measures
    /// boxes.</param>
    public Suppressor(NmsMode mode, int classes, int topK, int mostSelected, float iou, float scoreFloor, int inputSize)
    {
        (_mode, _topK, _iou, _scoreFloor, _inputSize) = (mode, topK, iou, scoreFloor, inputSize);
        int members = mode == NmsMode.Traditional ? mostSelected : topK;
        _columns = new BoxColumns[mode == NmsMode.CrossClass ? 1 : classes];
        for (int i = 0; i < _columns.Length; i++)
            _columns[i] = new BoxColumns(members, edge: mode == NmsMode.Traditional ? 1 : 0);
    }

    /// <summary>Fills <paramref name="selected"/> with the detections, best first.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="probability"><c>[k, C+1]</c>, background first.</param>
    /// <param name="threshold">Only scores above this are of interest; 0 for all.</param>
    /// <param name="selected">As long as the number wanted at most.</param>
    /// <returns>How many there are.</returns>
    public int Select(Candidates candidates, ReadOnlySpan<float> probability, float threshold, Span<SelectedCandidate> selected)
    {
        if (candidates.Count == 0)
            return 0;
        foreach (BoxColumns columns in _columns)
            columns.Clear();
        float floor = threshold > 0 ? threshold : -1;
        int rowLength = probability.Length / candidates.Capacity;
        int count = 0;
        if (_mode == NmsMode.CrossClass)
        {
            _bands.Begin(floor);
            Walk(_bands.BestClasses(candidates, probability, rowLength), candidates, selected, ref count);
            return count;
        }
        _bands.Begin(_mode == NmsMode.Traditional ? Math.Max(floor, _scoreFloor) : floor);
        while (count < selected.Length && _bands.NextPerClass(candidates, probability, rowLength, out ReadOnlySpan<ulong> keys))
            Walk(keys, candidates, selected, ref count);
        return count;
    }

    private void Walk(ReadOnlySpan<ulong> keys, Candidates candidates, Span<SelectedCandidate> selected, ref int count)
    {
        foreach (ulong key in keys)
        {
            SelectedCandidate pair = ScoreBands.Unpack(key);
            Box box = candidates.Boxes[pair.Candidate];
            bool stays = _mode switch
            {
                NmsMode.Fast => StaysFast(_columns[pair.ClassId], box),
                NmsMode.CrossClass => StaysFast(_columns[0], box),
                _ => StaysTraditional(_columns[pair.ClassId], box),
            };
            if (!stays)
                continue;
            selected[count++] = pair;
            if (count == selected.Length)
                return;
        }
    }

    private bool StaysFast(BoxColumns better, Box box)
    {
        if (better.Count >= _topK)
            return false;
        bool stays = !better.AnyNotAtMost(box, _iou);
        better.Add(box);
        return stays;
    }

    private bool StaysTraditional(BoxColumns kept, Box box)
    {
        var pixels = new Box(box.X1 * _inputSize, box.Y1 * _inputSize, box.X2 * _inputSize, box.Y2 * _inputSize);
        if (kept.AnyAtLeast(pixels, _iou))
            return false;
        kept.Add(pixels);
        return true;
    }
}
