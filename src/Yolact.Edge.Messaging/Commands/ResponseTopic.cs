using System.Text;

namespace Yolact.Edge.Messaging.Commands;

/// <summary>Where a response may go: a topic that no device listens to or keeps state in.</summary>
public static class ResponseTopic
{
    /// <summary>The longest one, in bytes of UTF-8.</summary>
    public const int MaxBytes = 256;

    /// <summary>The rule in words.</summary>
    public const string Rule = "a topic of 1 to 256 bytes without wildcards, not below 'yolact/' (devices) or '$' (the broker)";

    /// <summary>True for a topic that keeps <see cref="Rule"/>.</summary>
    /// <param name="topic">The topic; null is none.</param>
    public static bool IsValid(string? topic) =>
        !string.IsNullOrEmpty(topic) && Encoding.UTF8.GetByteCount(topic) <= MaxBytes
        && topic[0] != '$' && topic != "yolact" && !topic.StartsWith("yolact/", StringComparison.Ordinal)
        && !topic.AsSpan().ContainsAny('+', '#', '\0');
}
