using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Yolact.Edge.Configuration.Remote;

/// <summary>
/// What a remote document may not do: change what belongs to the device itself, run code, or make the device read files that local
/// configuration has not opened to it. Whoever may write to config/desired can steer a device, but not take it over or read it out.
/// </summary>
public static partial class RemotePolicy
{
    private const string LocalOnly = "only local configuration may set this";

    /// <summary>Places whose value has to be the local one.</summary>
    internal static readonly string[] Locked =
        ["/device", "/remote", "/telemetry/root", "/model/public_key_file", "/detector/engine/native_library_path", "/detector/engine/cache_folder", "/mqtt/outbox/path", "/gpio/level_file"];

    /// <summary>Places that name a file.</summary>
    internal static readonly string[] Files =
        ["/mqtt/password_file", "/mqtt/tls/ca_file", "/mqtt/tls/certificate_file", "/mqtt/tls/key_file", "/model/self_test/picture"];

    /// <summary>Reports everything that is not allowed, and puts the local value in its place, so that nobody looks at what was refused.</summary>
    /// <param name="document">The complete document that would run; is changed.</param>
    /// <param name="local">The local configuration.</param>
    /// <param name="report">Receives the pointer of each member and what would be allowed.</param>
    public static void Enforce(JsonObject document, LoadedConfiguration local, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(report);
        Check(document, local.Document, local.Options.Remote, (pointer, message) =>
        {
            report(pointer, message);
            JsonPointer.Set(document, pointer, JsonPointer.Find(local.Document, pointer));
        });
    }

    private static void Check(JsonObject document, JsonObject local, RemoteOptions options, Action<string, string> refuse)
    {
        foreach (string place in Locked.Concat(options.Locked))
        {
            if (!JsonNode.DeepEquals(JsonPointer.Find(document, place), JsonPointer.Find(local, place)))
                refuse(place, LocalOnly);
        }
        foreach (string place in Files)
            File(place, document, local, options, refuse);
        if (Text(JsonPointer.Find(document, "/model/path")) is { } model && !IsModelName(model))
            File("/model/path", document, local, options, refuse);
        Cameras(document, local, options, refuse);
    }

    private static void Cameras(JsonObject document, JsonObject local, RemoteOptions options, Action<string, string> refuse)
    {
        JsonObject[] own = [.. (local["cameras"] as JsonArray ?? []).OfType<JsonObject>()];
        JsonArray cameras = document["cameras"] as JsonArray ?? [];
        for (int i = 0; i < cameras.Count; i++)
        {
            if (cameras[i] is not JsonObject camera)
                continue;
            string? pipeline = Text(camera["pipeline"]), source = Text(camera["source"]);
            if (pipeline is not null && !own.Any(one => Text(one["pipeline"]) == pipeline))
                refuse($"/cameras/{i}/pipeline", "a pipeline of the local configuration: it runs with this program's rights");
            if (source is null || own.Any(one => Text(one["source"]) == source))
                continue;
            bool allowed = Text(camera["kind"]) switch
            {
                "rtsp" => Address().IsMatch(source),
                "usb" => Device().IsMatch(source),
                _ => IsInside(source, options.Folders),
            };
            if (!allowed)
                refuse($"/cameras/{i}/source", "a camera's address or device, a source of the local configuration, or a path below a folder of /remote/folders");
        }
    }

    private static void File(string place, JsonObject document, JsonObject local, RemoteOptions options, Action<string, string> refuse)
    {
        if (Text(JsonPointer.Find(document, place)) is { } path && path != Text(JsonPointer.Find(local, place)) && !IsInside(path, options.Folders))
            refuse(place, "the file that local configuration names here, or one below a folder of /remote/folders");
    }

    private static bool IsInside(string path, IReadOnlyList<string> folders)
    {
        if (!Path.IsPathFullyQualified(path) || path.Any(char.IsControl) || path.Split('/').Contains(".."))
            return false;
        string full = Path.GetFullPath(path);
        return folders.Any(folder => full.StartsWith(Path.GetFullPath(folder).TrimEnd('/') + "/", StringComparison.Ordinal));
    }

    // A bare name could be a file of the working folder as well: only what is known as a model will do.
    private static bool IsModelName(string name) =>
        ModelName().IsMatch(name) && !System.IO.File.Exists(name) && !Directory.Exists(name);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    [GeneratedRegex(@"^/dev/(video\d{1,3}|v4l/by-(id|path)/[A-Za-z0-9][A-Za-z0-9_.:+-]{0,127})\z")]
    private static partial Regex Device();

    [GeneratedRegex(@"^rtsps?://[^\s\p{C}]+\z")]
    private static partial Regex Address();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex ModelName();
}
