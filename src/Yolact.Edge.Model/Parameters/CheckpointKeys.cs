using Yolact.Edge.Model.Checkpoints;

namespace Yolact.Edge.Model.Parameters;

/// <summary>
/// From a checkpoint's keys to a network's parameter names. Dropped is what the reference drops when it loads (yolact.py:477-490 of
/// dbolya/yolact), and the prefix that PyTorch's <c>DataParallel</c> puts in front of every key.
/// </summary>
public static class CheckpointKeys
{
    private const string DataParallelPrefix = "module.";
    private const string Layers = "backbone.layers.";
    private const string OldLayer = "backbone.layer";
    private const string Downsample = "fpn.downsample_layers.";

    /// <summary>The checkpoint's tensors by parameter name.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="extraLevels">Levels of the network's pyramid beyond the backbone's; downsampling layers above are dropped.</param>
    public static IReadOnlyDictionary<string, TensorEntry> Normalize(Checkpoint checkpoint, int extraLevels)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        bool prefixed = checkpoint.Tensors.Keys.All(key => key.StartsWith(DataParallelPrefix, StringComparison.Ordinal));
        var named = new OrderedDictionary<string, TensorEntry>(checkpoint.Tensors.Count, StringComparer.Ordinal);
        foreach ((string key, TensorEntry tensor) in checkpoint.Tensors)
            named.Add(prefixed ? key[DataParallelPrefix.Length..] : key, tensor);
        bool hasLayers = named.Keys.Any(name => name.StartsWith(Layers, StringComparison.Ordinal));
        foreach (string name in named.Keys.ToArray())
        {
            // Older checkpoints hold the backbone twice: as torchvision names it, layer1 to layer4, and as layers.0 to layers.3.
            bool alias = hasLayers && name.StartsWith(OldLayer, StringComparison.Ordinal) && !name.StartsWith(Layers, StringComparison.Ordinal);
            if (alias || DownsampleIndex(name) >= extraLevels)
                named.Remove(name);
        }
        return named;
    }

    private static int DownsampleIndex(string name)
    {
        if (!name.StartsWith(Downsample, StringComparison.Ordinal))
            return -1;
        ReadOnlySpan<char> index = name.AsSpan(Downsample.Length);
        int dot = index.IndexOf('.');
        return dot > 0 && int.TryParse(index[..dot], out int value) ? value : -1;
    }
}
