using System.Text.Json;
using System.Text.Json.Nodes;

namespace Yolact.Edge.Model.Configs;

/// <summary>Custom configs in files.</summary>
public static class ConfigFile
{
    private const long MaxBytes = 1 << 20;

    private static readonly JsonDocumentOptions Reading = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 16,
        AllowDuplicateProperties = false,
    };

    /// <summary>A named config, or the one in a JSON file.</summary>
    /// <param name="nameOrPath">A name of <see cref="NamedConfigs"/>, or a path that ends in <c>.json</c>.</param>
    /// <exception cref="InvalidConfigException">No such name, or a file that is no valid config.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static YolactConfig Resolve(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (NamedConfigs.Find(nameOrPath) is { } named)
            return named;
        if (nameOrPath.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return Read(nameOrPath);
        throw new InvalidConfigException(nameOrPath,
            [$"no network of that name; known are {string.Join(", ", NamedConfigs.All.Select(c => c.Name))}, or give a .json file"]);
    }

    /// <summary>Reads and validates a config.</summary>
    /// <param name="path">A JSON file of at most 1 MiB.</param>
    /// <exception cref="InvalidConfigException">The file is no valid config; lists everything that is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static YolactConfig Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new InvalidConfigException(path, ["larger than 1 MiB; a network's config is a few KiB"]);
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads and validates a config from text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="InvalidConfigException">The text is no valid config; lists everything that is wrong.</exception>
    public static YolactConfig Parse(string json, string source)
    {
        YolactConfig config;
        try
        {
            if (JsonNode.Parse(json, documentOptions: Reading) is not JsonObject document)
                throw new InvalidConfigException(source, ["$: a JSON object is expected"]);
            ConfigDefaults.Fill(document);
            config = document.Deserialize(ConfigJson.Default.YolactConfig)!;
        }
        catch (JsonException error)
        {
            throw new InvalidConfigException(source, [$"{error.Path ?? "$"}: {error.Message}"], error);
        }
        IReadOnlyList<string> errors = ConfigValidator.Validate(config);
        return errors.Count == 0 ? config : throw new InvalidConfigException(source, errors);
    }

    /// <summary>A config as indented JSON.</summary>
    /// <param name="config">The config.</param>
    public static string Write(YolactConfig config) => JsonSerializer.Serialize(config, ConfigJson.Default.YolactConfig);
}
