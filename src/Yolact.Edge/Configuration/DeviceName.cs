using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Configuration;

/// <summary>What a device is called when nobody named it.</summary>
internal static class DeviceName
{
    /// <summary>The machine's name, made to a <see cref="TopicName"/>.</summary>
    public static string OfMachine() => From(Environment.MachineName);

    public static string From(string machine)
    {
        char[] characters = [.. machine.Take(TopicName.MaxLength).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')];
        string name = new string(characters).TrimStart('-', '_', '.');
        return TopicName.IsValid(name) ? name : "device";
    }
}
