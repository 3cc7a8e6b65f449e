using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Model.Anchors;

/// <summary>Sides of the square feature maps of a network, in cells.</summary>
public static class FeatureLevels
{
    /// <summary>The side of each backbone stage's output, first stage first.</summary>
    /// <param name="config">A valid config.</param>
    public static IReadOnlyList<int> Stages(YolactConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        // ResNet: 7x7 stride 2, 3x3 max-pool stride 2, and a first stage that keeps the size. Darknet: every stage halves.
        bool resnet = config.Backbone.Kind == BackboneKind.Resnet;
        int side = resnet ? Halved(Halved(config.InputSize)) : config.InputSize;
        var sides = new int[config.Backbone.Blocks.Count];
        for (int stage = 0; stage < sides.Length; stage++)
        {
            if (!resnet || stage > 0)
                side = Halved(side);
            sides[stage] = side;
        }
        return sides;
    }

    /// <summary>The side of each pyramid level (P3, P4, ...).</summary>
    /// <param name="config">A valid config.</param>
    public static IReadOnlyList<int> Pyramid(YolactConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        IReadOnlyList<int> stages = Stages(config);
        List<int> sides = [.. config.Backbone.SelectedStages.Select(stage => stages[stage])];
        for (int extra = 0; extra < config.Pyramid.ExtraLevels; extra++)
            sides.Add(Halved(sides[^1]));
        return sides;
    }

    /// <summary>The side of the prototypes: twice that of P3.</summary>
    /// <param name="config">A valid config.</param>
    public static int Prototype(YolactConfig config) => 2 * Pyramid(config)[0];

    /// <summary>
    /// What a stride-2 convolution leaves of <paramref name="side"/> cells where its padding is half its (odd) kernel:
    /// floor((side - 1) / 2) + 1.
    /// </summary>
    /// <param name="side">Cells, at least 1.</param>
    public static int Halved(int side) => ((side - 1) / 2) + 1;
}
