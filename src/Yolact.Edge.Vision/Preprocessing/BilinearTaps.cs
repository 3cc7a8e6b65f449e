namespace Yolact.Edge.Vision.Preprocessing;

/// <summary>
/// Where each output sample of a linear resize reads: between input samples Index[i] and Index[i] + 1 (the last one repeated),
/// the second with Weight[i]. Half-pixel centres, not aligned corners: source = max(0, (i + 0.5) * input / output - 0.5). The
/// ratio is rounded to float32 and the rest is computed in double, which gives PyTorch's weights bit for bit (interpolate with
/// align_corners=False). No antialiasing.
/// </summary>
internal sealed class BilinearTaps
{
    /// <summary>Floats that may be read behind <see cref="Weight"/>.</summary>
    public const int Slack = 8;

    private int[] _index = [];
    private float[] _weight = [];
    private int[] _first = [];

    /// <summary>Input samples.</summary>
    public int Input { get; private set; }

    /// <summary>Output samples.</summary>
    public int Output { get; private set; }

    /// <summary>The lower input sample of each output sample, 0..Input-1, rising.</summary>
    public ReadOnlySpan<int> Index => _index.AsSpan(0, Output);

    /// <summary>The share of the upper input sample, 0..1.</summary>
    public ReadOnlySpan<float> Weight => _weight.AsSpan(0, Output);

    /// <summary><see cref="Weight"/> and <see cref="Slack"/> more floats of any value.</summary>
    public ReadOnlySpan<float> WeightWithSlack => _weight.AsSpan(0, Output + Slack);

    /// <summary>Computes the taps unless they are those of the same sizes already.</summary>
    /// <param name="input">Input samples, at least 1.</param>
    /// <param name="output">Output samples, at least 1.</param>
    public void Set(int input, int output)
    {
        if (input == Input && output == Output)
            return;
        if (_index.Length < output)
        {
            _index = new int[output];
            _weight = new float[output + Slack];
        }
        if (_first.Length < input + 1)
            _first = new int[input + 1];
        Input = input;
        Output = output;
        double scale = (float)input / output;
        for (int i = 0; i < output; i++)
        {
            double source = Math.Max(0, (scale * (i + 0.5)) - 0.5);
            int index = Math.Min((int)source, input - 1);
            _index[i] = index;
            _weight[i] = (float)Math.Min(source - index, 1);
        }
        int next = 0;
        for (int sample = 0; sample <= input; sample++)
        {
            while (next < output && _index[next] < sample)
                next++;
            _first[sample] = next;
        }
    }

    /// <summary>
    /// The first output sample whose lower input sample is at least <paramref name="sample"/>; Output where there is none.
    /// </summary>
    /// <param name="sample">Any number; below 0 counts as 0, above Input as Input.</param>
    public int FirstFrom(int sample) => _first[Math.Clamp(sample, 0, Input)];
}
