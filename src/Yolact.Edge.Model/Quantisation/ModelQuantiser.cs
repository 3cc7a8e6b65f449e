using System.Globalization;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.Onnx;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Quantisation;

/// <summary>
/// Makes a model in int8 of one in floats: static quantisation after training. First the float graph runs on pictures with the values of
/// <see cref="Values"/> as outputs, then their ranges become scales. The re-scoring graph stays as it is.
/// </summary>
public sealed class ModelQuantiser
{
    private readonly ModelFiles _files;
    private readonly QuantisationOptions _options;
    private readonly ModelProto _model;
    private readonly QuantisationPlan _plan;

    private ModelQuantiser(ModelFiles files, ModelMetadata metadata, QuantisationOptions options, ModelProto model)
    {
        (_files, Metadata, _options, _model) = (files, metadata, options, model);
        _plan = QuantisationPlan.Of(model.Graph, options);
        Values = _plan.Calibrated();
    }

    /// <summary>What the float model says of itself.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>The values whose ranges have to be found.</summary>
    public IReadOnlyList<CalibratedValue> Values { get; }

    /// <summary>Reads a model in floats.</summary>
    /// <param name="files">The model.</param>
    /// <param name="options">Valid options.</param>
    /// <exception cref="InvalidDataException">The file is no model of this program, or is quantised already; or an option is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelQuantiser Open(ModelFiles files, QuantisationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] errors = [.. options.Validate()];
        if (errors.Length > 0)
            throw new InvalidDataException(string.Join(Environment.NewLine, errors));
        ModelMetadata metadata = OnnxMetadata.Read(files.Main);
        if (metadata.Quantisation is { } record)
            throw new InvalidDataException($"{files.Main} is quantised already (for {record.Target}): quantise the model that it was made from.");
        ModelProto model = ModelReader.Read(files.Main);
        var quantiser = new ModelQuantiser(files, metadata, options, model);
        string? idle = options.Keep.FirstOrDefault(prefix => !model.Graph.Node.Any(node => node.Name.StartsWith(prefix, StringComparison.Ordinal)));
        if (idle is not null)
            throw new InvalidDataException($"No node's name begins with '{idle}': nodes are named after the checkpoint's modules, such as 'backbone.layers.0' or 'proto_net'.");
        return quantiser;
    }

    /// <summary>Writes the float graph with the values of <see cref="Values"/> as outputs.</summary>
    /// <param name="path">Where to.</param>
    public void WriteCalibrationGraph(string path) => ModelReader.Write(GraphCut.WithOutputs(_model, [.. Values.Select(value => value.Name)]), path);

    /// <summary>Writes the quantised model. Once: the graph that was read is used up.</summary>
    /// <param name="seen">By group, one histogram or one a channel.</param>
    /// <param name="pictures">Pictures that they were gathered from.</param>
    /// <param name="output">Where to; existing files are replaced.</param>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public QuantisationRecord Write(IReadOnlyDictionary<string, IReadOnlyList<ValueHistogram>> seen, int pictures, ModelFiles output)
    {
        ArgumentNullException.ThrowIfNull(seen);
        Dictionary<string, IReadOnlyList<ValueRange>> ranges = seen.AsParallel()
            .Select(group => (group.Key, Ranges: (IReadOnlyList<ValueRange>)[.. group.Value.Select(one => RangeEstimator.Estimate(one, _options))]))
            .ToDictionary(group => group.Key, group => group.Ranges);
        new QdqWriter(_model, _plan, _options, ranges).Write();
        string method = _options.Method == RangeMethod.Percentile
            ? string.Create(CultureInfo.InvariantCulture, $"percentile {_options.Percentile}")
            : _options.Method.ToString().ToLowerInvariant();
        var record = new QuantisationRecord(
            _options.Target, method, pictures, _options.WeightBits, _plan.Nodes.Count, [.. _plan.Kept.Select(kept => kept.ToString())]);
        _model.MetadataProps.Clear();
        foreach ((string key, string value) in (Metadata with { Quantisation = record }).ToProperties())
            _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        if (File.Exists(_files.Rescore) && Path.GetFullPath(_files.Rescore) != Path.GetFullPath(output.Rescore))
            File.Copy(_files.Rescore, output.Rescore, overwrite: true);
        ModelReader.Write(_model, output.Main);
        return record;
    }
}
