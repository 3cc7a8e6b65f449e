using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yolact.Edge.HardwareTests.Benches.Jetson;

/// <summary>A device on a bench, as its JSON file describes it.</summary>
/// <param name="Host">Name or address of the device.</param>
/// <param name="Configuration">The appliance's configuration there, a file beside this one; its device is named "rig", its lines as the bench's.</param>
/// <param name="Port">Port of ssh.</param>
/// <param name="User">Who logs in: root, or commands that need it fail.</param>
/// <param name="Key">File of the private key; null for the user's own.</param>
/// <param name="Commands">What moves the bench's parts, by its name: <see cref="JetsonBench"/>.</param>
/// <param name="Allows">What else may be done to this device: own_broker, set_clock, fill_disk, packages, camera_grid.</param>
public sealed record JetsonOptions(
    string Host,
    string Configuration,
    int Port = 22,
    string User = "root",
    string? Key = null,
    IReadOnlyDictionary<string, BenchCommand>? Commands = null,
    IReadOnlyList<Capability>? Allows = null)
{
    /// <summary>Reads a description.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JetsonOptions Read(string file) =>
        JsonSerializer.Deserialize(File.ReadAllText(file), JetsonJson.Default.JetsonOptions) ?? throw new JsonException($"{file} is empty.");
}

/// <summary>A command line that moves a part of the bench.</summary>
/// <param name="Run">The command line, with {line}, {level}, {lines}, {seconds}, {count}, {period_us}, {width_us} and {bounces} filled in.</param>
/// <param name="OnBench">True: on the machine that runs the tests, such as for a USB relay; false: on the device.</param>
public sealed record BenchCommand(string Run, bool OnBench = false);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JetsonOptions))]
internal sealed partial class JetsonJson : JsonSerializerContext;
