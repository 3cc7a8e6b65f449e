using System.Numerics;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Suppression;

/// <summary>
/// Boxes of one class as columns of numbers, and whether a further box overlaps any of them:
/// IoU = inter / (area + other - inter), in float32 as the reference computes it (layers/box_utils.py:33-86 of dbolya/yolact).
/// With
/// <paramref name="edge"/> 1 the right and bottom edges count as inside (utils/cython_nms.pyx:31, 67-72).
/// </summary>
/// <param name="capacity">Boxes at most.</param>
/// <param name="edge">0, or 1 for the older convention.</param>
internal sealed class BoxColumns(int capacity, float edge)
{
    private static readonly Vector<float> Lanes = Vector.ConvertToSingle(Vector<int>.Indices);

    private readonly float[] _x1 = new float[Padded(capacity)];
    private readonly float[] _y1 = new float[Padded(capacity)];
    private readonly float[] _x2 = new float[Padded(capacity)];
    private readonly float[] _y2 = new float[Padded(capacity)];
    private readonly float[] _area = new float[Padded(capacity)];

    /// <summary>Boxes held.</summary>
    public int Count { get; private set; }

    /// <summary>True where no further box may be added.</summary>
    public bool IsFull => Count == capacity;

    /// <summary>Forgets all boxes.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a box.</summary>
    /// <param name="box">The box.</param>
    public void Add(Box box)
    {
        _x1[Count] = box.X1;
        _y1[Count] = box.Y1;
        _x2[Count] = box.X2;
        _y2[Count] = box.Y2;
        _area[Count] = AreaOf(box);
        Count++;
    }

    /// <summary>
    /// True where the IoU with any box held is not at most the threshold: NaN (two boxes without area) counts as overlap.
    /// </summary>
    /// <param name="box">The box.</param>
    /// <param name="threshold">0..1.</param>
    public bool AnyNotAtMost(Box box, float threshold) => Any(box, threshold, atLeast: false);

    /// <summary>True where the IoU with any box held is at least the threshold: NaN counts as none.</summary>
    /// <param name="box">The box.</param>
    /// <param name="threshold">0..1.</param>
    public bool AnyAtLeast(Box box, float threshold) => Any(box, threshold, atLeast: true);

    private bool Any(Box box, float threshold, bool atLeast)
    {
        Vector<float> x1 = new(box.X1), y1 = new(box.Y1), x2 = new(box.X2), y2 = new(box.Y2);
        Vector<float> area = new(AreaOf(box)), one = new(edge), limit = new(threshold);
        for (int i = 0; i < Count; i += Vector<float>.Count)
        {
            // NaN in a coordinate is also in its area, so the native minimum's and maximum's answers to NaN do not matter.
            Vector<float> width = Vector.MinNative(new(_x2, i), x2) - Vector.MaxNative(new(_x1, i), x1) + one;
            Vector<float> height = Vector.MinNative(new(_y2, i), y2) - Vector.MaxNative(new(_y1, i), y1) + one;
            Vector<float> inter = Vector.MaxNative(width, Vector<float>.Zero) * Vector.MaxNative(height, Vector<float>.Zero);
            Vector<float> iou = inter / (new Vector<float>(_area, i) + area - inter);
            Vector<int> overlaps = atLeast ? Vector.GreaterThanOrEqual(iou, limit) : ~Vector.LessThanOrEqual(iou, limit);
            if (Count - i < Vector<float>.Count)
                overlaps &= Vector.LessThan(Lanes, new Vector<float>(Count - i));
            if (!Vector.EqualsAll(overlaps, Vector<int>.Zero))
                return true;
        }
        return false;
    }

    private float AreaOf(Box box) => (box.X2 - box.X1 + edge) * (box.Y2 - box.Y1 + edge);

    private static int Padded(int count) => (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
}
