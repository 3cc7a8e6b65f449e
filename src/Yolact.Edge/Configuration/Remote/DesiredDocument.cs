using System.Text.Json.Nodes;

namespace Yolact.Edge.Configuration.Remote;

/// <summary>A document that was desired, checked: what would run, or everything that is wrong with it.</summary>
/// <param name="Version">Its version; null where it has none that could be read.</param>
/// <param name="Document">The document; null where it is no JSON object with a version.</param>
/// <param name="Effective">What would run; null where something is wrong.</param>
/// <param name="Errors">Everything that is wrong.</param>
public sealed record DesiredDocument(string? Version, RemoteDocument? Document, LoadedConfiguration? Effective, IReadOnlyList<ConfigurationError> Errors)
{
    private const string Source = "config/desired";
    private const int MaxVersionLength = 64;

    /// <summary>Checks a document as it came.</summary>
    /// <param name="payload">The bytes.</param>
    /// <param name="local">The complete local document, over which it is laid.</param>
    public static DesiredDocument Check(ReadOnlySpan<byte> payload, LoadedConfiguration local)
    {
        ArgumentNullException.ThrowIfNull(local);
        try
        {
            return Check(ConfigurationLoader.ParseDocument(payload, Source), local);
        }
        catch (InvalidConfigurationException error)
        {
            return new(null, null, null, error.Errors);
        }
    }

    /// <summary>Checks a document.</summary>
    /// <param name="content">What it says.</param>
    /// <param name="local">The complete local document, over which it is laid.</param>
    public static DesiredDocument Check(JsonObject content, LoadedConfiguration local)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(local);
        string? version = content["version"] is JsonValue value && value.TryGetValue(out string? text) && text.Length is > 0 and <= MaxVersionLength ? text : null;
        LoadedConfiguration effective = ConfigurationLoader.Complete(
            DocumentOverlay.Lay(local.Document, content), Source, (document, report) => RemotePolicy.Enforce(document, local, report), out IReadOnlyList<ConfigurationError> errors);
        if (!content.ContainsKey("version"))
            errors = [.. errors, new("/version", "a text: every document needs a version of its own, newer than the one before")];
        return new(version, version is null ? null : new RemoteDocument(version, RemoteDocument.HashOf(content), content), errors.Count == 0 ? effective : null, errors);
    }
}
