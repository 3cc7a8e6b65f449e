using System.Collections.Immutable;
using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Model.Parameters;

/// <summary>
/// The parameters of one network, complete and of the right shapes. They are read where they are needed, so that a network's weights
/// never lie in memory all at once; the checkpoint must stay open.
/// </summary>
public sealed class ParameterSet
{
    private readonly Reader _read;
    private readonly Dictionary<string, ParameterSpec> _specs;

    private delegate void Reader(string name, Span<float> destination);

    /// <summary>The network.</summary>
    public YolactConfig Config { get; }

    private ParameterSet(YolactConfig config, ImmutableArray<ParameterSpec> specs, Reader read)
    {
        (Config, _read) = (config, read);
        _specs = specs.Where(spec => !spec.TrainingOnly).ToDictionary(spec => spec.Name, StringComparer.Ordinal);
    }

    /// <summary>The parameters that a checkpoint has for a network.</summary>
    /// <param name="checkpoint">The checkpoint; stays the caller's, who keeps it open as long as the set is read.</param>
    /// <param name="config">A valid config.</param>
    /// <exception cref="ParameterMismatchException">Parameters are missing, unexpected or of other shapes: lists them all.</exception>
    public static ParameterSet Load(Checkpoint checkpoint, YolactConfig config)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(config);
        ImmutableArray<ParameterSpec> specs = ParameterList.Of(config);
        IReadOnlyDictionary<string, TensorEntry> tensors = CheckpointKeys.Normalize(checkpoint, config.Pyramid.ExtraLevels);
        ParameterDifference difference = ParameterDifference.Between(specs, tensors.ToDictionary(item => item.Key, item => item.Value.Shape));
        if (!difference.IsEmpty)
            throw new ParameterMismatchException(checkpoint.Path, config.Name, difference);
        return new ParameterSet(config, specs, (name, destination) => checkpoint.Read(tensors[name].Name, destination));
    }

    /// <summary>Parameters that are in memory.</summary>
    /// <param name="config">A valid config.</param>
    /// <param name="values">Each parameter's values in C order; those that only training needs may be left out.</param>
    /// <exception cref="ArgumentException">One is missing or has another count.</exception>
    public static ParameterSet FromMemory(YolactConfig config, IReadOnlyDictionary<string, float[]> values)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(values);
        ImmutableArray<ParameterSpec> specs = ParameterList.Of(config);
        foreach (ParameterSpec spec in specs.Where(spec => !spec.TrainingOnly))
        {
            if (!values.TryGetValue(spec.Name, out float[]? array) || array.Length != spec.Count)
                throw new ArgumentException($"'{spec.Name}' is missing or has not {spec.Count} values", nameof(values));
        }
        return new ParameterSet(config, specs, (name, destination) => values[name].AsSpan().CopyTo(destination));
    }

    /// <summary>The parameter of that name.</summary>
    /// <param name="name">A name of <see cref="ParameterList.Of"/> that inference needs.</param>
    /// <exception cref="KeyNotFoundException">The network has none of that name.</exception>
    public ParameterSpec this[string name] => _specs[name];

    /// <summary>True where the network has a parameter of that name.</summary>
    /// <param name="name">Such as <c>backbone.layers.1.0.conv2.bias</c>.</param>
    public bool Contains(string name) => _specs.ContainsKey(name);

    /// <summary>The values in C order, in a new array.</summary>
    /// <param name="name">A name of <see cref="ParameterList.Of"/> that inference needs.</param>
    /// <exception cref="KeyNotFoundException">The network has none of that name.</exception>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public float[] Read(string name)
    {
        var values = new float[_specs[name].Count];
        _read(name, values);
        return values;
    }

    /// <summary>The values in C order.</summary>
    /// <param name="name">A name of <see cref="ParameterList.Of"/> that inference needs.</param>
    /// <param name="destination">Takes exactly the parameter's count of values.</param>
    /// <exception cref="KeyNotFoundException">The network has none of that name.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public void Read(string name, Span<float> destination)
    {
        if (destination.Length != _specs[name].Count)
            throw new ArgumentException($"'{name}' has {_specs[name].Count} values, the destination {destination.Length}", nameof(destination));
        _read(name, destination);
    }
}
