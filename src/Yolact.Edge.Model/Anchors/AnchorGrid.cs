using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Model.Anchors;

/// <summary>
/// The priors of a network, in the order of its outputs: level (P3 first), row, column, scale, ratio (yolact.py:214-263 of
/// dbolya/yolact).
/// </summary>
public static class AnchorGrid
{
    /// <summary>How many priors the network has: 57,744 for <c>yolact_plus_resnet50</c>.</summary>
    /// <param name="config">A valid config.</param>
    public static int Count(YolactConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return FeatureLevels.Pyramid(config).Sum(side => side * side) * config.Anchors.PerCell;
    }

    /// <summary>The priors as <c>[N, 4]</c>: centre x, centre y, width, height, relative to the picture (0..1; sizes may exceed 1).</summary>
    /// <param name="config">A valid config.</param>
    /// <returns>4 N values, computed in double and rounded once.</returns>
    public static float[] Create(YolactConfig config)
    {
        IReadOnlyList<int> sides = FeatureLevels.Pyramid(config);
        var priors = new float[4 * Count(config)];
        int next = 0;
        for (int level = 0; level < sides.Count; level++)
        {
            (float Width, float Height)[] shapes = [.. Shapes(config, config.Anchors.Scales[level])];
            int side = sides[level];
            for (int row = 0; row < side; row++)
            {
                float y = (float)((row + 0.5) / side);
                for (int column = 0; column < side; column++)
                {
                    float x = (float)((column + 0.5) / side);
                    foreach ((float width, float height) in shapes)
                    {
                        priors[next++] = x;
                        priors[next++] = y;
                        priors[next++] = width;
                        priors[next++] = height;
                    }
                }
            }
        }
        return priors;
    }

    private static IEnumerable<(float Width, float Height)> Shapes(YolactConfig config, IReadOnlyList<double> scales)
    {
        foreach (double scale in scales)
        {
            foreach (double ratio in config.Anchors.Ratios)
            {
                double root = Math.Sqrt(ratio);
                double width = scale * root / config.InputSize;
                double height = config.Anchors.Square ? width : scale / root / config.InputSize;
                yield return ((float)width, (float)height);
            }
        }
    }
}
