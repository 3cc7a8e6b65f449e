using System.Numerics;
using Yolact.Edge.Vision.Decoding;

namespace Yolact.Edge.Vision.Suppression;

/// <summary>
/// The (class, candidate) pairs in descending order of score, equal scores by class and then by prior, without sorting them all:
/// bands of scores are taken from the top, each half of what is left at first, and a caller who has enough stops. Nearly all
/// pairs of a softmax lie in the bands that nobody asks for.
/// </summary>
internal sealed class ScoreBands
{
    private const int HalvingBands = 8;

    private ulong[] _keys = new ulong[4096];
    private float _above, _floor;
    private int _band;

    /// <summary>Starts from the top.</summary>
    /// <param name="floor">Only scores above this are wanted; below 0 for all.</param>
    public void Begin(float floor)
    {
        _floor = floor;
        _above = float.PositiveInfinity;
        _band = 0;
    }

    /// <summary>The next band's pairs of every class, best first; false where there are no more bands.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="probability"><c>[k, C+1]</c>, background first.</param>
    /// <param name="columns">C + 1.</param>
    /// <param name="keys">Keys to be read with <see cref="Unpack"/>.</param>
    public bool NextPerClass(Candidates candidates, ReadOnlySpan<float> probability, int columns, out ReadOnlySpan<ulong> keys)
    {
        if (!NextBand(out float low, out float high))
        {
            keys = [];
            return false;
        }
        int count = 0;
        for (int i = 0; i < candidates.Count; i++)
        {
            if (!(candidates.Best[i] > low))
                continue;
            ReadOnlySpan<float> scores = probability.Slice((candidates.Row[i] * columns) + 1, columns - 1);
            if (_keys.Length < count + scores.Length)
                Array.Resize(ref _keys, Math.Max(_keys.Length * 2, count + scores.Length));
            count = Collect(scores, i, low, high, count);
        }
        Span<ulong> found = _keys.AsSpan(0, count);
        found.Sort();
        keys = found;
        return true;
    }

    /// <summary>
    /// All candidates whose best class is above the floor, each as that class (the lowest of equals), best first.
    /// </summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="probability"><c>[k, C+1]</c>, background first.</param>
    /// <param name="columns">C + 1.</param>
    public ReadOnlySpan<ulong> BestClasses(Candidates candidates, ReadOnlySpan<float> probability, int columns)
    {
        if (_keys.Length < candidates.Count)
            Array.Resize(ref _keys, candidates.Count);
        int count = 0;
        for (int i = 0; i < candidates.Count; i++)
        {
            float best = candidates.Best[i];
            if (best > _floor)
                _keys[count++] = Pack(best, probability.Slice((candidates.Row[i] * columns) + 1, columns - 1).IndexOf(best), i);
        }
        Span<ulong> found = _keys.AsSpan(0, count);
        found.Sort();
        return found;
    }

    /// <summary>What a key stands for.</summary>
    /// <param name="key">A key.</param>
    public static SelectedCandidate Unpack(ulong key) =>
        new((int)(key & 0xFFFF), (int)(key >> 16 & 0xFFFF), BitConverter.UInt32BitsToSingle(~(uint)(key >> 32)));

    // Positive floats order as their bits do; inverted, the best score is the smallest key.
    private static ulong Pack(float score, int classId, int candidate) =>
        ((ulong)~BitConverter.SingleToUInt32Bits(score) << 32) | ((ulong)(uint)classId << 16) | (uint)candidate;

    private bool NextBand(out float low, out float high)
    {
        high = _above;
        low = _above;
        if (_above <= _floor)
            return false;
        // 1/2, 1/4, ... 1/256, then 2^-16, 2^-32, ... and at last everything above the floor.
        int exponent = _band < HalvingBands ? _band + 1 : HalvingBands << Math.Min(_band - HalvingBands + 1, 8);
        float edge = MathF.ScaleB(1, -exponent);
        low = edge > _floor && edge > 0 ? edge : _floor;
        _above = low;
        _band++;
        return true;
    }

    private int Collect(ReadOnlySpan<float> scores, int candidate, float low, float high, int count)
    {
        Vector<float> above = new(low), atMost = new(high);
        int c = 0;
        for (; c + Vector<float>.Count <= scores.Length; c += Vector<float>.Count)
        {
            Vector<float> v = new(scores[c..]);
            if (Vector.EqualsAll(Vector.GreaterThan(v, above) & Vector.LessThanOrEqual(v, atMost), Vector<int>.Zero))
                continue;
            for (int lane = c; lane < c + Vector<float>.Count; lane++)
            {
                float score = scores[lane];
                if (score > low && score <= high)
                    _keys[count++] = Pack(score, lane, candidate);
            }
        }
        for (; c < scores.Length; c++)
        {
            float score = scores[c];
            if (score > low && score <= high)
                _keys[count++] = Pack(score, c, candidate);
        }
        return count;
    }
}
