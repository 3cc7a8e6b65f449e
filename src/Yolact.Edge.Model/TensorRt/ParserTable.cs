using System.Collections.Frozen;
using System.Reflection;

namespace Yolact.Edge.Model.TensorRt;

/// <summary>
/// What one release of TensorRT's ONNX parser takes, read from its own published operator table (onnx-tensorrt, docs/operators.md at that
/// release): operator, and element types. Restrictions on attributes are rules in <see cref="GraphChecker"/>.
/// </summary>
public sealed class ParserTable
{
    private readonly FrozenDictionary<string, FrozenSet<string>> _types;

    private ParserTable(string version, int maxOpset, FrozenDictionary<string, FrozenSet<string>> types)
    {
        Version = version;
        MaxOpset = maxOpset;
        _types = types;
    }

    /// <summary>Releases whose tables are known, oldest first.</summary>
    public static IReadOnlyList<ParserTable> All { get; } = [Load("8.5", 17), Load("8.6", 17), Load("10.1", 20)];

    /// <summary>Release of TensorRT, such as <c>10.1</c>. Later ones extend the table.</summary>
    public string Version { get; }

    /// <summary>The newest version of the standard operator set that it reads.</summary>
    public int MaxOpset { get; }

    /// <summary>The table of a release.</summary>
    /// <param name="version">Such as <c>10.1</c>.</param>
    /// <exception cref="ArgumentException">No table of that release.</exception>
    public static ParserTable Of(string version) => All.FirstOrDefault(table => table.Version == version)
        ?? throw new ArgumentException($"No operator table of TensorRT {version}; known are {string.Join(", ", All.Select(table => table.Version))}.", nameof(version));

    /// <summary>Element types that an operator takes, by the table's names (FP32, FP16, INT32, ...); null where it does not take the operator.</summary>
    /// <param name="operation">Name of the operator.</param>
    public IReadOnlySet<string>? TypesOf(string operation) => _types.GetValueOrDefault(operation);

    private static ParserTable Load(string version, int maxOpset)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"TensorRt/parser-{version}.tsv")!;
        using var reader = new StreamReader(stream);
        var types = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split('\t');
            if (cells[1] == "Y")
                types[cells[0]] = cells[2].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet();
        }
        return new ParserTable(version, maxOpset, types.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
