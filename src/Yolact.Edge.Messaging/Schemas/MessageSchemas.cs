using System.Reflection;

namespace Yolact.Edge.Messaging.Schemas;

/// <summary>The JSON Schemas (2020-12) of the payloads, as they ship with the program.</summary>
public static class MessageSchemas
{
    private const string Suffix = ".schema.json";

    private static readonly Assembly Home = typeof(MessageSchemas).Assembly;

    /// <summary>Names of all schemas: <c>detections</c>, <c>status</c>, ...; <c>envelope</c> holds what they share.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Home.GetManifestResourceNames().Where(n => n.EndsWith(Suffix, StringComparison.Ordinal)).Select(n => n[..^Suffix.Length]).Order()];

    /// <summary>The text of a schema.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">No schema of that name.</exception>
    public static string Read(string name)
    {
        using Stream stream = Home.GetManifestResourceStream(name + Suffix)
            ?? throw new ArgumentException($"There is no schema '{name}'; known are {string.Join(", ", Names)}.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
