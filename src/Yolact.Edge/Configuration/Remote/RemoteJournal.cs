using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Yolact.Edge.Configuration.Remote;

/// <summary>What has to survive the process: one file, replaced as a whole at each step, so that no step can be half done.</summary>
public sealed class RemoteJournal
{
    /// <summary>The longest file that is read, in bytes: a handful of documents of the greatest length, every character escaped.</summary>
    private const long MaxBytes = 64L << 20;

    // Characters of other scripts stay as they are: a name in Chinese must not grow sixfold.
    private static readonly JournalJson Relaxed =
        new(new JsonSerializerOptions(JournalJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private readonly DurableFile? _file;

    private RemoteJournal(DurableFile? file, JournalContent content, string? damage) => (_file, Content, Damage) = (file, content, damage);

    /// <summary>What is on the disk.</summary>
    public JournalContent Content { get; private set; }

    /// <summary>Why the file could not be used, where it could not; it begins anew then.</summary>
    public string? Damage { get; }

    /// <summary>Reads the journal. One that cannot be read is put aside, and an empty one stands in.</summary>
    /// <param name="file">Where it is kept.</param>
    public static RemoteJournal Open(DurableFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            byte[]? bytes = file.Read(MaxBytes);
            JournalContent content = (bytes is null ? null : JsonSerializer.Deserialize(bytes, JournalJson.Default.JournalContent)) ?? new();
            return new RemoteJournal(file, content with { Failed = content.Failed ?? [] }, null);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            try
            {
                file.SetAside();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It will be replaced by the next step.
            }
            return new RemoteJournal(file, new(), error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new RemoteJournal(file, new(), error.Message);
        }
    }

    /// <summary>A journal that keeps nothing: where remote configuration is switched off.</summary>
    public static RemoteJournal Nowhere() => new(null, new(), null);

    /// <summary>Goes on to another content; it has reached the disk when this returns.</summary>
    /// <param name="content">All of it.</param>
    /// <exception cref="IOException">It cannot be written; everything is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; everything is as it was.</exception>
    public void Save(JournalContent content)
    {
        _file?.Write(JsonSerializer.SerializeToUtf8Bytes(content, Relaxed.JournalContent));
        Content = content;
    }
}

/// <summary>What the journal holds.</summary>
public sealed record JournalContent
{
    private const int MaxFailed = 32;

    /// <summary>The document that a failure falls back to; null for local configuration.</summary>
    public RemoteDocument? LastGood { get; init; }

    /// <summary>The complete configuration that came of <see cref="LastGood"/>, for a start with a bad local file.</summary>
    public JsonObject? Effective { get; init; }

    /// <summary>The last good document before it; null for local configuration.</summary>
    public RemoteDocument? Previous { get; init; }

    /// <summary>A document whose trial went well as far as it can without a restart, and which waits for one.</summary>
    public RemoteDocument? Pending { get; init; }

    /// <summary>A document on trial. Found at a start, it has failed: the program died of it or with it.</summary>
    public RemoteDocument? Trial { get; init; }

    /// <summary>Documents that failed, the latest last; they are not tried again.</summary>
    public IReadOnlyList<FailedDocument> Failed { get; init; } = [];

    /// <summary>The version that a new document must exceed; null where any will do.</summary>
    [JsonIgnore]
    public string? NewestVersion => (Pending ?? LastGood)?.Version;

    /// <summary>What is known of a document's failure; null where it has not failed.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="hash">Its hash.</param>
    public FailedDocument? FailureOf(string version, string hash) => Failed.LastOrDefault(one => one.Version == version && one.Hash == hash);

    /// <summary>With a failure more; the oldest is forgotten where there are too many.</summary>
    /// <param name="failure">The failure.</param>
    public JournalContent With(FailedDocument failure) =>
        this with { Failed = [.. Failed.Where(one => one.Version != failure.Version || one.Hash != failure.Hash).TakeLast(MaxFailed - 1), failure] };
}

/// <summary>A document that failed.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Code">What was reported.</param>
/// <param name="Errors">What was wrong.</param>
public sealed record FailedDocument(string Version, string Hash, int Code, IReadOnlyList<ConfigurationError> Errors);

/// <summary>Reads and writes the journal.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JournalContent))]
internal sealed partial class JournalJson : JsonSerializerContext;
