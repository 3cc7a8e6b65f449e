using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Yolact.Edge.Configuration;

/// <summary>
/// Puts a configuration together: defaults, then the file, then the environment, then the command line. Every rule is run and every error
/// reported at once.
/// </summary>
public static class ConfigurationLoader
{
    /// <summary>Where a device keeps its configuration.</summary>
    public const string DefaultPath = "/etc/yolact-edge/appliance.json";

    /// <summary>The longest document, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    internal static readonly JsonDocumentOptions DocumentOptions =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Puts a configuration together.</summary>
    /// <param name="path">The file; null for <see cref="DefaultPath"/> where that exists.</param>
    /// <param name="settings">Single settings <c>mqtt/host=plant</c>, which win over everything else.</param>
    /// <param name="environment">Environment variables; null for this process's.</param>
    /// <exception cref="InvalidConfigurationException">Lists everything that is wrong.</exception>
    public static LoadedConfiguration Load(string? path = null, IReadOnlyList<string>? settings = null, IDictionary? environment = null)
    {
        LocalConfiguration local = LoadLocal(path, settings, environment);
        return local.Valid ?? throw new InvalidConfigurationException(local.Source, local.Errors);
    }

    /// <summary>Puts the local configuration together, good or bad.</summary>
    /// <param name="path">The file; null for <see cref="DefaultPath"/> where that exists.</param>
    /// <param name="settings">Single settings <c>mqtt/host=plant</c>, which win over everything else.</param>
    /// <param name="environment">Environment variables; null for this process's.</param>
    public static LocalConfiguration LoadLocal(string? path = null, IReadOnlyList<string>? settings = null, IDictionary? environment = null)
    {
        path ??= File.Exists(DefaultPath) ? DefaultPath : null;
        string source = path ?? "built-in defaults";
        List<ConfigurationError> errors = [];
        void Report(string pointer, string message) => errors.Add(new(pointer, message));

        JsonObject document = [];
        try
        {
            document = path is null ? [] : Read(path, source);
        }
        catch (InvalidConfigurationException error)
        {
            // What the file would have said is not known, so that nothing can be said of the rest.
            return new(null, [], error.Errors, source);
        }
        List<ConfigurationSetting> overrides = [.. ConfigurationOverrides.FromEnvironment(environment ?? Environment.GetEnvironmentVariables())];
        foreach (string argument in settings ?? [])
        {
            if (ConfigurationOverrides.FromArgument(argument) is { } setting)
                overrides.Add(setting);
            else
                Report("", $"--set {argument}: should be PATH=VALUE, such as mqtt/host=plant");
        }
        foreach (ConfigurationSetting setting in overrides)
        {
            if (ConfigurationOverrides.Apply(document, setting) is { } problem)
                Report(setting.Pointer, problem);
        }

        var given = (JsonObject)document.DeepClone();
        ApplianceOptions options = Complete(document, errors);
        return errors.Count == 0
            ? new(new(options, document, source), document, [], source)
            : new(null, Usable(given, errors), [.. errors.Select(error => Name(error, overrides))], source);
    }

    /// <summary>Fills a document up and runs every rule over it.</summary>
    /// <param name="document">Is changed: what is refused is taken out, what is missing filled in.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <param name="refuse">Runs rules of its own over the complete document before the others, and takes back what must not be looked at.</param>
    /// <param name="errors">Everything that is wrong; empty for a valid document.</param>
    internal static LoadedConfiguration Complete(
        JsonObject document, string source, Action<JsonObject, Action<string, string>> refuse, out IReadOnlyList<ConfigurationError> errors)
    {
        List<ConfigurationError> all = [];
        ApplianceOptions options = Complete(document, all, refuse);
        errors = all;
        return new(options, document, source);
    }

    // A part that something is wrong with is left out, until nothing is wrong: parts may need each other.
    private static JsonObject Usable(JsonObject given, List<ConfigurationError> errors)
    {
        List<ConfigurationError> wrong = [.. errors];
        while (true)
        {
            string[] parts = [.. wrong.Select(error => error.Pointer.Split('/').ElementAtOrDefault(1)).OfType<string>().Distinct()];
            int before = given.Count;
            foreach (string part in parts)
                given.Remove(part);
            bool changed = given.Count < before;
            if (!changed)
                given.Clear();
            var document = (JsonObject)given.DeepClone();
            wrong.Clear();
            Complete(document, wrong);
            if (wrong.Count == 0 || !changed)
                return document;
        }
    }

    internal static JsonObject ParseDocument(ReadOnlySpan<byte> json, string source) => ParseObject(json, source);

    /// <summary>Reads a document.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="InvalidConfigurationException">Lists everything that is wrong.</exception>
    public static LoadedConfiguration Parse(ReadOnlySpan<byte> json, string source)
    {
        JsonObject document = ParseObject(json, source);
        List<ConfigurationError> errors = [];
        ApplianceOptions options = Complete(document, errors);
        return errors.Count == 0 ? new(options, document, source) : throw new InvalidConfigurationException(source, errors);
    }

    private static ApplianceOptions Complete(JsonObject document, List<ConfigurationError> errors, Action<JsonObject, Action<string, string>>? refuse = null)
    {
        var type = ApplianceJson.Default.ApplianceOptions;
        new ConfigurationShape((pointer, message) => errors.Add(new(pointer, message)))
            .Complete(document, type, ConfigurationPrototypes.Of(type));
        refuse?.Invoke(document, ReportUnlessRefused(errors));
        ApplianceOptions options = document.Deserialize(type)!;
        ApplianceValidator.Validate(options, ReportUnlessRefused(errors));
        return options;
    }

    // What stands in for a member that was refused is not to be complained about.
    private static Action<string, string> ReportUnlessRefused(List<ConfigurationError> errors)
    {
        HashSet<string> refused = [.. errors.Select(e => e.Pointer).Where(p => p.Length > 0)];
        return (pointer, message) =>
        {
            for (int end = pointer.Length; end > 0; end = pointer.LastIndexOf('/', end - 1))
            {
                if (refused.Contains(pointer[..end]))
                    return;
            }
            errors.Add(new(pointer, message));
        };
    }

    private static JsonObject Read(string path, string source)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > MaxBytes)
                throw Invalid(source, $"longer than {MaxBytes} bytes: no configuration");
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return ParseObject(bytes, source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(source, $"it cannot be read: {e.Message}");
        }
    }

    private static JsonObject ParseObject(ReadOnlySpan<byte> json, string source)
    {
        if (json.Length > MaxBytes)
            throw Invalid(source, $"longer than {MaxBytes} bytes: no configuration");
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        try
        {
            CheckTexts(json);
            return JsonNode.Parse(json, documentOptions: DocumentOptions) as JsonObject ?? throw Invalid(source, "an object { ... }");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Invalid(source, $"no JSON: {e.Message}");
        }
    }

    // Texts are decoded when somebody reads them: halves of characters have to be found before.
    private static void CheckTexts(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions
        {
            AllowTrailingCommas = DocumentOptions.AllowTrailingCommas,
            CommentHandling = DocumentOptions.CommentHandling,
            MaxDepth = DocumentOptions.MaxDepth,
        });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String)
                _ = reader.GetString();
        }
    }

    private static InvalidConfigurationException Invalid(string source, string message) => new(source, [new("", message)]);

    private static ConfigurationError Name(ConfigurationError error, List<ConfigurationSetting> overrides) =>
        overrides.FindLast(s => error.Pointer == s.Pointer || error.Pointer.StartsWith(s.Pointer + "/", StringComparison.Ordinal)) is { } setting
            ? error with { Message = $"{error.Message} (set by {setting.Origin})" } : error;
}

/// <summary>What local configuration says, good or bad.</summary>
/// <param name="Valid">The configuration; null where something is wrong with it.</param>
/// <param name="Usable">The complete document; where something is wrong, with defaults for every part that has an error in it.</param>
/// <param name="Errors">Everything that is wrong.</param>
/// <param name="Source">Where it came from.</param>
public sealed record LocalConfiguration(LoadedConfiguration? Valid, JsonObject Usable, IReadOnlyList<ConfigurationError> Errors, string Source)
{
    /// <summary>True where nothing is wrong with what was said about broker and device, and a broker was named.</summary>
    public bool KnowsBroker => JsonPointer.Find(Usable, "/mqtt/host") is not null && !Errors.Any(error => JsonPointer.IsWithin(error.Pointer, "/device"));
}

/// <summary>A valid configuration.</summary>
/// <param name="Options">What it says.</param>
/// <param name="Document">The same as JSON, with every default filled in.</param>
/// <param name="Source">Where it came from.</param>
public sealed record LoadedConfiguration(ApplianceOptions Options, JsonObject Document, string Source);
