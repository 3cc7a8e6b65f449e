namespace Yolact.Edge.Messaging.Topics;

/// <summary>
/// What a device, a camera or a command may be called: one level of a topic that no broker, access list or shell takes for something
/// else.
/// </summary>
public static class TopicName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "1 to 64 ASCII letters, digits, '-', '_' or '.', the first one a letter or a digit";

    /// <summary>True for a name that keeps <see cref="Rule"/>.</summary>
    /// <param name="name">The name; null is not valid.</param>
    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= MaxLength } && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>The name itself.</summary>
    /// <param name="name">A candidate.</param>
    /// <exception cref="ArgumentException">It breaks <see cref="Rule"/>.</exception>
    public static string Require(string name) =>
        IsValid(name) ? name : throw new ArgumentException($"'{name}' is no valid name: {Rule}.", nameof(name));
}
