using System.Text.Json;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Commands;

/// <summary>The response to a command.</summary>
/// <param name="Id">Message id; the same where a response is sent again.</param>
/// <param name="Source">Topic root.</param>
/// <param name="Time">When it was said.</param>
/// <param name="Command">Name of the command.</param>
/// <param name="Code">What became of it.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Result">What was asked for; null where there is nothing to hand over.</param>
public sealed record CommandResponseMessage(
    string Id, string Source, MessageTime Time, string Command, CommandCode Code, string Message, JsonElement? Result);
