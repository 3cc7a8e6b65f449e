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
        path ??= File.Exists(DefaultPath) ? DefaultPath : null;
        string source = path ?? "built-in defaults";
        List<ConfigurationError> errors = [];
        void Report(string pointer, string message) => errors.Add(new(pointer, message));

        JsonObject document = path is null ? [] : Read(path, source);
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

        ApplianceOptions options = Complete(document, errors);
        if (errors.Count > 0)
            throw new InvalidConfigurationException(source, [.. errors.Select(error => Name(error, overrides))]);
        return new(options, document, source);
    }

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

    private static ApplianceOptions Complete(JsonObject document, List<ConfigurationError> errors)
    {
        var type = ApplianceJson.Default.ApplianceOptions;
        new ConfigurationShape((pointer, message) => errors.Add(new(pointer, message)))
            .Complete(document, type, ConfigurationPrototypes.Of(type));
        ApplianceOptions options = document.Deserialize(type)!;
        // What stands in for a member that was refused is not to be complained about.
        string[] refused = [.. errors.Select(e => e.Pointer).Where(p => p.Length > 0)];
        ApplianceValidator.Validate(options, (pointer, message) =>
        {
            if (!refused.Any(r => pointer == r || pointer.StartsWith(r + "/", StringComparison.Ordinal)))
                errors.Add(new(pointer, message));
        });
        return options;
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
            return JsonNode.Parse(json, documentOptions: DocumentOptions) as JsonObject ?? throw Invalid(source, "an object { ... }");
        }
        catch (JsonException e)
        {
            throw Invalid(source, $"no JSON: {e.Message}");
        }
    }

    private static InvalidConfigurationException Invalid(string source, string message) => new(source, [new("", message)]);

    private static ConfigurationError Name(ConfigurationError error, List<ConfigurationSetting> overrides) =>
        overrides.FindLast(s => error.Pointer == s.Pointer || error.Pointer.StartsWith(s.Pointer + "/", StringComparison.Ordinal)) is { } setting
            ? error with { Message = $"{error.Message} (set by {setting.Origin})" } : error;
}

/// <summary>A valid configuration.</summary>
/// <param name="Options">What it says.</param>
/// <param name="Document">The same as JSON, with every default filled in.</param>
/// <param name="Source">Where it came from.</param>
public sealed record LoadedConfiguration(ApplianceOptions Options, JsonObject Document, string Source);
