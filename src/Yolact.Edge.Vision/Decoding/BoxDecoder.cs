using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Decoding;

/// <summary>
/// From a prior and the network's regression to a box, relative 0..1 and not clipped: c = p + loc * 0.1 * p_wh, wh = p_wh *
/// exp(loc * 0.2), low = c - wh / 2, high = wh + low, in float32 and in this order of operations (layers/box_utils.py:304-310 of
/// dbolya/yolact).
/// </summary>
internal static class BoxDecoder
{
    private const float CentreVariance = 0.1f, SizeVariance = 0.2f;

    /// <summary>One box.</summary>
    /// <param name="prior"><c>[4]</c> cx, cy, w, h, relative.</param>
    /// <param name="regression"><c>[4]</c> of the network.</param>
    public static Box Decode(ReadOnlySpan<float> prior, ReadOnlySpan<float> regression)
    {
        float width = prior[2] * MathF.Exp(regression[2] * SizeVariance);
        float height = prior[3] * MathF.Exp(regression[3] * SizeVariance);
        float x = prior[0] + (regression[0] * CentreVariance * prior[2]) - (width / 2);
        float y = prior[1] + (regression[1] * CentreVariance * prior[3]) - (height / 2);
        return new Box(x, y, width + x, height + y);
    }
}
