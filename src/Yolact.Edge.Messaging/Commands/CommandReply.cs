using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Yolact.Edge.Messaging.Commands;

/// <summary>What a command answers.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Result">What was asked for; null where there is nothing to hand over.</param>
public sealed record CommandReply(CommandCode Code, string Message, JsonElement? Result = null)
{
    /// <summary>Called once the response was handed to the connection; null (the default) for nothing.</summary>
    public Action? Afterwards { get; init; }

    /// <summary>A command that was done.</summary>
    /// <typeparam name="T">What it hands over.</typeparam>
    /// <param name="message">One sentence for a person.</param>
    /// <param name="result">What it hands over.</param>
    /// <param name="type">How that is written.</param>
    public static CommandReply Done<T>(string message, T result, JsonTypeInfo<T> type) =>
        new(CommandCode.Done, message, JsonSerializer.SerializeToElement(result, type));
}

/// <summary>Why a command cannot be done.</summary>
/// <param name="code">What to answer.</param>
/// <param name="message">One sentence for a person.</param>
public sealed class CommandException(CommandCode code, string message) : Exception(message)
{
    /// <summary>What to answer.</summary>
    public CommandCode Code { get; } = code;
}
