using System.Numerics.Tensors;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Decoding;

/// <summary>
/// The priors whose best foreground probability is above the floor, in the order of their prior index, so that everything that
/// follows meets equal scores in the same order. Boxes are decoded for these alone. Arrays are as long as the most the graph
/// gives.
/// </summary>
internal sealed class Candidates
{
    private readonly ulong[] _order;
    private readonly float[] _bestOfRow;

    /// <summary>Room for candidates.</summary>
    /// <param name="capacity">The graph's k.</param>
    public Candidates(int capacity)
    {
        Capacity = capacity;
        _order = new ulong[capacity];
        _bestOfRow = new float[capacity];
        Row = new int[capacity];
        Prior = new int[capacity];
        Best = new float[capacity];
        Boxes = new Box[capacity];
    }

    /// <summary>The graph's k.</summary>
    public int Capacity { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Row of each in the graph's outputs.</summary>
    public int[] Row { get; }

    /// <summary>Index of each one's prior, rising.</summary>
    public int[] Prior { get; }

    /// <summary>Best foreground probability of each.</summary>
    public float[] Best { get; }

    /// <summary>Boxes, relative 0..1, not clipped.</summary>
    public Box[] Boxes { get; }

    /// <summary>
    /// Takes the rows above the floor; rows are sorted by their best foreground probability, so the first below ends the search.
    /// </summary>
    /// <param name="priorIndex"><c>[k]</c>.</param>
    /// <param name="probability"><c>[k, C+1]</c>, background first.</param>
    /// <param name="regression"><c>[k, 4]</c>.</param>
    /// <param name="priors"><c>[N, 4]</c> cx, cy, w, h.</param>
    /// <param name="floor">A candidate's best probability is above this.</param>
    /// <exception cref="InvalidDataException">The network names a prior that does not exist.</exception>
    public void Fill(
        ReadOnlySpan<long> priorIndex, ReadOnlySpan<float> probability, ReadOnlySpan<float> regression,
        ReadOnlySpan<float> priors, float floor)
    {
        int columns = probability.Length / priorIndex.Length;
        int rows = 0;
        for (; rows < priorIndex.Length; rows++)
        {
            float best = TensorPrimitives.Max(probability.Slice((rows * columns) + 1, columns - 1));
            if (!(best > floor))
                break;
            _bestOfRow[rows] = best;
            _order[rows] = ((ulong)priorIndex[rows] << 32) | (uint)rows;
        }
        Count = rows;
        Span<ulong> order = _order.AsSpan(0, rows);
        order.Sort();
        for (int i = 0; i < order.Length; i++)
        {
            int row = (int)(uint)order[i], prior = (int)(order[i] >> 32);
            if ((uint)prior >= (uint)(priors.Length / 4))
                throw new InvalidDataException($"The network names prior {prior}; its config has {priors.Length / 4}.");
            Row[i] = row;
            Prior[i] = prior;
            Best[i] = _bestOfRow[row];
            Boxes[i] = BoxDecoder.Decode(priors.Slice(prior * 4, 4), regression.Slice(row * 4, 4));
        }
    }
}
