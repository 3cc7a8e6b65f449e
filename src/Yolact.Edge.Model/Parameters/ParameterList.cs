using System.Collections.Immutable;
using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Model.Parameters;

/// <summary>
/// The parameters of a network: names, shapes and order of the reference's checkpoints (the modules of yolact.py and backbone.py
/// of dbolya/yolact in the order they are registered).
/// </summary>
public static class ParameterList
{
    /// <summary>Channels by which a deformable 3x3 convolution steers itself: two offsets and a modulation for each of its nine taps.</summary>
    private const int OffsetMaskChannels = 27;

    /// <summary>Every parameter of the network, those that only training needs included.</summary>
    /// <param name="config">A valid config.</param>
    public static ImmutableArray<ParameterSpec> Of(YolactConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var list = new Builder();
        ImmutableArray<int> stageChannels = config.Backbone.Kind == BackboneKind.Resnet
            ? Resnet(list, config.Backbone)
            : Darknet(list, config.Backbone);
        Prototypes(list, config);
        Rescoring(list, config);
        Pyramid(list, config, stageChannels);
        Head(list, config);
        list.Convolution("semantic_seg_conv", config.Classes.Count, config.Pyramid.Channels, 1, trainingOnly: true);
        return list.ToImmutable();
    }

    private static ImmutableArray<int> Resnet(Builder list, BackboneConfig backbone)
    {
        bool bottleneck = backbone.Block == ResidualBlock.Bottleneck;
        HashSet<(int, int)> deformable = [.. backbone.DeformableBlocks()];
        var stageChannels = ImmutableArray.CreateBuilder<int>();
        int input = backbone.Width;
        for (int stage = 0; stage < backbone.Blocks.Count; stage++)
        {
            int inner = backbone.Width << stage, output = bottleneck ? 4 * inner : inner;
            for (int block = 0; block < backbone.Blocks[stage]; block++)
            {
                string name = $"backbone.layers.{stage}.{block}";
                // A bottleneck is 1x1, 3x3, 1x1; a basic block 3x3, 3x3. In both the second convolution is the one that may be deformable.
                list.NormalizedConvolution($"{name}.conv1", $"{name}.bn1", inner, input, bottleneck ? 1 : 3);
                if (deformable.Contains((stage, block)))
                {
                    list.Convolution($"{name}.conv2", inner, inner, 3);
                    list.Convolution($"{name}.conv2.conv_offset_mask", OffsetMaskChannels, inner, 3);
                    list.BatchNorm($"{name}.bn2", inner);
                }
                else
                {
                    list.NormalizedConvolution($"{name}.conv2", $"{name}.bn2", inner, inner, 3);
                }
                if (bottleneck)
                    list.NormalizedConvolution($"{name}.conv3", $"{name}.bn3", output, inner, 1);
                bool halves = block == 0 && stage > 0;
                if (halves || input != output)
                    list.NormalizedConvolution($"{name}.downsample.0", $"{name}.downsample.1", output, input, 1);
                input = output;
            }
            stageChannels.Add(output);
        }
        list.NormalizedConvolution("backbone.conv1", "backbone.bn1", backbone.Width, 3, 7);
        return stageChannels.ToImmutable();
    }

    private static ImmutableArray<int> Darknet(Builder list, BackboneConfig backbone)
    {
        var stageChannels = ImmutableArray.CreateBuilder<int>();
        int stem = backbone.Width / 2, input = stem;
        for (int stage = 0; stage < backbone.Blocks.Count; stage++)
        {
            int output = backbone.Width << stage;
            string name = $"backbone.layers.{stage}";
            list.NormalizedConvolution($"{name}.0.0", $"{name}.0.1", output, input, 3);
            for (int block = 1; block <= backbone.Blocks[stage]; block++)
            {
                list.NormalizedConvolution($"{name}.{block}.conv1.0", $"{name}.{block}.conv1.1", output / 2, output, 1);
                list.NormalizedConvolution($"{name}.{block}.conv2.0", $"{name}.{block}.conv2.1", output, output / 2, 3);
            }
            stageChannels.Add(output);
            input = output;
        }
        list.NormalizedConvolution("backbone._preconv.0", "backbone._preconv.1", stem, 3, 3);
        return stageChannels.ToImmutable();
    }

    private static void Prototypes(Builder list, YolactConfig config)
    {
        int input = config.Pyramid.Channels, channels = config.Prototypes.Channels;
        // 6 is the upsampling, the odd numbers are ReLUs.
        foreach (int index in (ReadOnlySpan<int>)[0, 2, 4, 8])
        {
            list.Convolution($"proto_net.{index}", channels, input, 3);
            input = channels;
        }
        list.Convolution("proto_net.10", config.Prototypes.Count, channels, 1);
    }

    private static void Rescoring(Builder list, YolactConfig config)
    {
        if (config.MaskRescoring is not { } rescoring)
            return;
        int input = 1, index = 0;
        foreach (int channels in rescoring.Channels)
        {
            list.Convolution($"maskiou_net.maskiou_net.{index}", channels, input, 3);
            input = channels;
            index += 2;
        }
        list.Convolution($"maskiou_net.maskiou_net.{index}", config.Classes.Count, input, 1);
    }

    private static void Pyramid(Builder list, YolactConfig config, ImmutableArray<int> stageChannels)
    {
        int channels = config.Pyramid.Channels, levels = config.Backbone.SelectedStages.Count;
        // Deepest first.
        for (int index = 0; index < levels; index++)
            list.Convolution($"fpn.lat_layers.{index}", channels, stageChannels[config.Backbone.SelectedStages[levels - 1 - index]], 1);
        for (int index = 0; index < levels; index++)
            list.Convolution($"fpn.pred_layers.{index}", channels, channels, 3);
        for (int index = 0; index < config.Pyramid.ExtraLevels; index++)
            list.Convolution($"fpn.downsample_layers.{index}", channels, channels, 3);
    }

    private static void Head(Builder list, YolactConfig config)
    {
        // One head serves all levels.
        const string Name = "prediction_layers.0";
        int channels = config.Pyramid.Channels, anchors = config.Anchors.PerCell;
        list.Convolution($"{Name}.upfeature.0", channels, channels, 3);
        list.Convolution($"{Name}.bbox_layer", anchors * 4, channels, 3);
        list.Convolution($"{Name}.conf_layer", anchors * config.ClassesWithBackground, channels, 3);
        list.Convolution($"{Name}.mask_layer", anchors * config.Prototypes.Count, channels, 3);
    }

    private sealed class Builder
    {
        private readonly ImmutableArray<ParameterSpec>.Builder _specs = ImmutableArray.CreateBuilder<ParameterSpec>();

        public ImmutableArray<ParameterSpec> ToImmutable() => _specs.ToImmutable();

        public void Convolution(string name, int output, int input, int kernel, bool trainingOnly = false)
        {
            Add($"{name}.weight", [output, input, kernel, kernel], trainingOnly);
            Add($"{name}.bias", [output], trainingOnly);
        }

        public void NormalizedConvolution(string name, string norm, int output, int input, int kernel)
        {
            Add($"{name}.weight", [output, input, kernel, kernel]);
            BatchNorm(norm, output);
        }

        public void BatchNorm(string name, int channels)
        {
            foreach (string part in (ReadOnlySpan<string>)["weight", "bias", "running_mean", "running_var"])
                Add($"{name}.{part}", [channels]);
            _specs.Add(new ParameterSpec($"{name}.num_batches_tracked", [], ElementType.Int64, TrainingOnly: true));
        }

        private void Add(string name, ImmutableArray<int> shape, bool trainingOnly = false) =>
            _specs.Add(new ParameterSpec(name, shape, ElementType.Float32, trainingOnly));
    }
}
