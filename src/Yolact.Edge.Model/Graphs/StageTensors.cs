using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Model.Graphs;

/// <summary>Names of the values where one stage of a main graph ends and the next begins.</summary>
internal static class StageTensors
{
    /// <summary>Concatenated results of the prediction heads.</summary>
    public const string Rows = "rows";

    /// <summary>What the backbone hands to the pyramid, shallowest first.</summary>
    public static IReadOnlyList<string> Backbone(YolactConfig config) =>
    [
        .. config.Backbone.SelectedStages.Select(stage => config.Backbone.Kind == BackboneKind.Resnet
            ? $"backbone.layers.{stage}.{config.Backbone.Blocks[stage] - 1}.relu"
            : $"backbone.layers.{stage}.{config.Backbone.Blocks[stage]}.sum"),
    ];

    /// <summary>Levels of the pyramid, P3 first.</summary>
    public static IReadOnlyList<string> Pyramid(YolactConfig config) =>
    [
        .. config.Backbone.SelectedStages.Select((_, level) => $"fpn.pred_layers.{config.Backbone.SelectedStages.Count - 1 - level}.relu"),
        .. Enumerable.Range(0, config.Pyramid.ExtraLevels).Select(level => $"fpn.downsample_layers.{level}"),
    ];
}
