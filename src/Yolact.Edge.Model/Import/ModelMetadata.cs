using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Quantisation;

namespace Yolact.Edge.Model.Import;

/// <summary>What a model file says of itself, in the metadata properties of its graphs.</summary>
/// <param name="Config">The network.</param>
/// <param name="Builder">Program and version that wrote the file.</param>
/// <param name="SourceSha256">SHA-256 of the checkpoint, lower-case hexadecimal; empty where there was none.</param>
/// <param name="Options">How it was written.</param>
public sealed record ModelMetadata(YolactConfig Config, string Builder, string SourceSha256, ImportOptions Options)
{
    private const string ConfigKey = "yolact.config";
    private const string NamesKey = "yolact.classes";
    private const string BuilderKey = "yolact.builder";
    private const string SourceKey = "yolact.source_sha256";
    private const string DeformKey = "yolact.dcn";
    private const string WeightsKey = "yolact.weights";
    private const string InputKey = "yolact.input";
    private const string ComputeKey = "yolact.compute";

    /// <summary>How the main graph was quantised; null for a model in floats.</summary>
    public QuantisationRecord? Quantisation { get; init; }

    /// <summary>This program's name and version.</summary>
    public static string ThisBuilder { get; } = $"Yolact.Edge {typeof(ModelMetadata).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>As properties of an ONNX file.</summary>
    public IReadOnlyDictionary<string, string> ToProperties()
    {
        var properties = new SortedDictionary<string, string>((Quantisation?.ToProperties() ?? []).ToDictionary(), StringComparer.Ordinal)
        {
            [ConfigKey] = ConfigFile.Write(Config),
            [NamesKey] = string.Join(',', Config.Classes),
            [BuilderKey] = Builder,
            [SourceKey] = SourceSha256,
            [DeformKey] = Name(Options.Deform),
            [WeightsKey] = Name(Options.Weights),
            [InputKey] = Name(Options.Input),
        };
        if (Options.Compute is not ComputePrecision.Fp32)
            properties[ComputeKey] = Name(Options.Compute);
        return properties;
    }

    /// <summary>Reads them back.</summary>
    /// <param name="properties">Of an ONNX file.</param>
    /// <param name="source">What to call the file in errors.</param>
    /// <exception cref="InvalidConfigException">They are missing or wrong.</exception>
    public static ModelMetadata FromProperties(IReadOnlyDictionary<string, string> properties, string source)
    {
        ArgumentNullException.ThrowIfNull(properties);
        if (!properties.TryGetValue(ConfigKey, out string? json))
            throw new InvalidConfigException(source, [$"the file has no property '{ConfigKey}': it was not written by 'yolact-edge model import'"]);
        YolactConfig config = ConfigFile.Parse(json, source);
        var options = new ImportOptions
        {
            Deform = Parse<Graphs.DeformLowering>(properties, DeformKey, source),
            Weights = Parse<WeightStorage>(properties, WeightsKey, source),
            Input = Parse<Graphs.InputForm>(properties, InputKey, source),
            // Files that compute in float32 do not say so: older ones could not.
            Compute = properties.ContainsKey(ComputeKey) ? Parse<ComputePrecision>(properties, ComputeKey, source) : ComputePrecision.Fp32,
        };
        return new ModelMetadata(config, properties.GetValueOrDefault(BuilderKey, ""), properties.GetValueOrDefault(SourceKey, ""), options)
        {
            Quantisation = QuantisationRecord.FromProperties(properties),
        };
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static T Parse<T>(IReadOnlyDictionary<string, string> properties, string key, string source)
        where T : struct, Enum => Enum.TryParse(properties.GetValueOrDefault(key), ignoreCase: true, out T value)
            ? value
            : throw new InvalidConfigException(source, [$"property '{key}' is '{properties.GetValueOrDefault(key)}', expected one of {string.Join(", ", Enum.GetNames<T>())}"]);
}
