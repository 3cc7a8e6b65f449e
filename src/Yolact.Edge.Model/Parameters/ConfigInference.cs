using System.Collections.Immutable;
using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Model.Parameters;

/// <summary>Which named network a checkpoint is of.</summary>
/// <param name="Config">The network.</param>
/// <param name="Alternatives">Names of other networks with the very same parameters; empty where there are none.</param>
/// <param name="ByFileName">True where the file's name decided between them.</param>
public sealed record InferredConfig(YolactConfig Config, ImmutableArray<string> Alternatives, bool ByFileName)
{
    /// <summary>What a person should know of the choice; null where the parameters leave none.</summary>
    public string? Note => Alternatives.IsEmpty ? null : ByFileName
        ? $"{Config.Name}, by the file's name; {string.Join(" and ", Alternatives)} have the same parameters"
        : $"taken for {Config.Name}, but {string.Join(" and ", Alternatives)} have the same parameters: give --config if it is one of them";
}

/// <summary>
/// Finds the network of a checkpoint by its parameters' names and shapes, which tell stages, deformable blocks, classes, priors a cell
/// and re-scoring. Networks that differ in their input size alone have the same parameters: there the file's name decides.
/// </summary>
public static class ConfigInference
{
    private const int ShownDifferences = 5;

    /// <summary>The named network whose parameters the checkpoint has.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <exception cref="UnknownNetworkException">It is of none; says which are nearest.</exception>
    public static InferredConfig Infer(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        (YolactConfig Config, ParameterDifference Difference)[] ranked =
            [.. NamedConfigs.All.Select(config => (config, Compare(checkpoint, config))).OrderBy(item => item.Item2.Count)];
        YolactConfig[] fitting = [.. ranked.Where(item => item.Difference.IsEmpty).Select(item => item.Config)];
        if (fitting.Length == 0)
            throw new UnknownNetworkException(Describe(checkpoint.Path, ranked));
        YolactConfig? named = fitting.Where(config => NamesFile(config.Name, checkpoint.Path)).MaxBy(config => config.Name.Length);
        YolactConfig chosen = named ?? fitting[0];
        return new InferredConfig(chosen, [.. fitting.Where(config => config != chosen).Select(config => config.Name)], named is not null);
    }

    private static ParameterDifference Compare(Checkpoint checkpoint, YolactConfig config)
    {
        IReadOnlyDictionary<string, TensorEntry> tensors = CheckpointKeys.Normalize(checkpoint, config.Pyramid.ExtraLevels);
        return ParameterDifference.Between(ParameterList.Of(config), tensors.ToDictionary(item => item.Key, item => item.Value.Shape));
    }

    // The authors' files are called CONFIG_EPOCH_ITERATION.pth.
    private static bool NamesFile(string config, string path) =>
        Path.GetFileName(path).Replace('-', '_').Contains(config, StringComparison.OrdinalIgnoreCase);

    private static string Describe(string path, (YolactConfig Config, ParameterDifference Difference)[] ranked)
    {
        (YolactConfig nearest, ParameterDifference difference) = ranked[0];
        string[] lines = [.. difference.Describe()];
        return $"{path}: its parameters are those of no named network. Nearest are "
            + string.Join(", ", ranked.Take(3).Select(item => $"{item.Config.Name} ({item.Difference.Count} differ)"))
            + $". Give --config FILE.json with the network it was trained as. From {nearest.Name} it differs by:"
            + string.Concat(lines.Take(ShownDifferences).Select(line => $"{Environment.NewLine}  {line}"))
            + (lines.Length > ShownDifferences ? $"{Environment.NewLine}  and {lines.Length - ShownDifferences} more" : "");
    }
}
