namespace Yolact.Edge.Model.Configs;

/// <summary>Finds everything that is wrong with a <see cref="YolactConfig"/>.</summary>
public static class ConfigValidator
{
    /// <summary>Every error, each with its JSON path and what would be right; empty for a valid config.</summary>
    /// <param name="config">The config; members may be null where JSON said so.</param>
    public static IReadOnlyList<string> Validate(YolactConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var errors = new List<string>();
        if (string.IsNullOrEmpty(config.Name) || config.Name.Length > 64 || !config.Name.All(IsNameCharacter))
            errors.Add("$.name: 1 to 64 lower-case letters, digits, '_' or '-'");
        Range(errors, "$.input_size", config.InputSize, 32, 2048);
        Backbone(errors, config.Backbone);
        Range(errors, "$.pyramid.channels", config.Pyramid?.Channels, 8, 1024);
        Range(errors, "$.pyramid.extra_levels", config.Pyramid?.ExtraLevels, 0, 3);
        Range(errors, "$.prototypes.count", config.Prototypes?.Count, 1, 256);
        Range(errors, "$.prototypes.channels", config.Prototypes?.Channels, 8, 1024);
        Anchors(errors, config);
        Rescoring(errors, config);
        Selection(errors, config.Selection);
        Classes(errors, config.Classes);
        return errors;
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-';

    private static void Range(List<string> errors, string path, int? value, int low, int high)
    {
        if (value is null || value < low || value > high)
            errors.Add($"{path}: {low}..{high}, not {value?.ToString() ?? "null"}");
    }

    private static void Share(List<string> errors, string path, float value)
    {
        if (!(value is >= 0 and <= 1))
            errors.Add($"{path}: 0..1, not {value}");
    }

    private static void Backbone(List<string> errors, BackboneConfig? backbone)
    {
        if (backbone is null)
        {
            errors.Add("$.backbone: missing");
            return;
        }
        Range(errors, "$.backbone.width", backbone.Width, 8, 256);
        if (backbone.Blocks is not { Count: >= 3 and <= 5 } blocks || blocks.Any(n => n is < 1 or > 64))
        {
            errors.Add("$.backbone.blocks: 3 to 5 stages of 1 to 64 blocks each");
            return;
        }
        if (backbone.Kind == BackboneKind.Resnet && blocks.Count != 4)
            errors.Add($"$.backbone.blocks: a ResNet has 4 stages, not {blocks.Count}");
        if (backbone.SelectedStages is not { Count: >= 1 } stages || stages.Any(s => s < 0 || s >= blocks.Count)
            || !stages.Zip(stages.Skip(1)).All(pair => pair.First + 1 == pair.Second))
            errors.Add($"$.backbone.selected_stages: consecutive stages of 0..{blocks.Count - 1}, shallowest first");
        if (backbone.Deformable is not { } deformable)
            return;
        if (backbone.Kind != BackboneKind.Resnet)
            errors.Add("$.backbone.deformable: only a ResNet has deformable blocks");
        if (deformable.Layers is not { } layers || layers.Count != blocks.Count || layers.Any(n => n < 0))
            errors.Add($"$.backbone.deformable.layers: {blocks.Count} counts of at least 0, one a stage");
        Range(errors, "$.backbone.deformable.interval", deformable.Interval, 1, 64);
    }

    private static void Anchors(List<string> errors, YolactConfig config)
    {
        if (config.Anchors is not { } anchors)
        {
            errors.Add("$.anchors: missing");
            return;
        }
        if (anchors.Ratios is not { Count: >= 1 and <= 16 } ratios || ratios.Any(r => !(r is > 0.01 and < 100)))
            errors.Add("$.anchors.ratios: 1 to 16 numbers between 0.01 and 100");
        if (anchors.Scales is not { Count: >= 1 } scales || scales.Any(level => level is not { Count: >= 1 and <= 16 }
            || level.Count != scales[0].Count || level.Any(s => !(s is > 0 and < 8192))))
        {
            errors.Add("$.anchors.scales: for each level the same number (1 to 16) of sizes in px");
            return;
        }
        int levels = (config.Backbone?.SelectedStages?.Count ?? 0) + (config.Pyramid?.ExtraLevels ?? 0);
        if (scales.Count != levels)
            errors.Add($"$.anchors.scales: {levels} levels (selected stages and extra levels), not {scales.Count}");
    }

    private static void Rescoring(List<string> errors, YolactConfig config)
    {
        if (config.MaskRescoring is not { } rescoring)
            return;
        if (rescoring.Channels is not { Count: >= 1 and <= 8 } channels || channels.Any(c => c is < 1 or > 1024))
        {
            errors.Add("$.mask_rescoring.channels: 1 to 8 counts of 1..1024");
            return;
        }
        // Each convolution turns n into (n - 3) / 2 + 1; the last must leave at least one cell.
        int side = config.InputSize / 4;
        foreach (int _ in channels)
            side = side < 3 ? 0 : ((side - 3) / 2) + 1;
        if (side < 1)
            errors.Add($"$.mask_rescoring.channels: {channels.Count} stride-2 convolutions leave nothing of a prototype of {config.InputSize / 4} px");
    }

    private static void Selection(List<string> errors, SelectionConfig? selection)
    {
        if (selection is null)
        {
            errors.Add("$.selection: missing");
            return;
        }
        Share(errors, "$.selection.score_floor", selection.ScoreFloor);
        Share(errors, "$.selection.nms_iou", selection.NmsIou);
        Range(errors, "$.selection.nms_top_k", selection.NmsTopK, 1, 3839);
        Range(errors, "$.selection.max_detections", selection.MaxDetections, 1, 3839);
    }

    private static void Classes(List<string> errors, IReadOnlyList<string>? classes)
    {
        if (classes is not { Count: >= 1 and <= 4096 } || classes.Any(string.IsNullOrWhiteSpace) || classes.Distinct().Count() != classes.Count)
            errors.Add("$.classes: 1 to 4096 different names");
    }
}
