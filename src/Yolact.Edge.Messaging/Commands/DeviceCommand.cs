using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Yolact.Edge.Messaging.Commands;

/// <summary>Something that a device can be asked for.</summary>
/// <param name="Name">One of <see cref="CommandNames"/>.</param>
/// <param name="Rate">How often.</param>
/// <param name="Timeout">How long it may take.</param>
/// <param name="Run">Does it: takes the request's body, gives the answer. A <see cref="CommandException"/> is an answer too.</param>
public sealed record DeviceCommand(string Name, RateLimit Rate, TimeSpan Timeout, Func<ReadOnlyMemory<byte>, CancellationToken, Task<CommandReply>> Run)
{
    /// <summary>A command with a typed request; an empty body stands for <c>{}</c>, an unknown member is refused.</summary>
    /// <typeparam name="T">The request.</typeparam>
    /// <param name="name">One of <see cref="CommandNames"/>.</param>
    /// <param name="type">How a request is read.</param>
    /// <param name="rate">How often.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="run">Does it.</param>
    public static DeviceCommand Of<T>(string name, JsonTypeInfo<T> type, RateLimit rate, TimeSpan timeout, Func<T, CancellationToken, Task<CommandReply>> run)
        where T : ICommandRequest =>
        new(name, rate, timeout, (body, cancellation) => run(Parse(body.Span, type), cancellation));

    /// <summary>Reads a request.</summary>
    /// <typeparam name="T">The request.</typeparam>
    /// <param name="body">Its body.</param>
    /// <param name="type">How it is read.</param>
    /// <exception cref="CommandException">It is wrong: code 400, and what would be right.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type) where T : ICommandRequest
    {
        T? request;
        try
        {
            request = JsonSerializer.Deserialize(body.IsEmpty ? "{}"u8 : body, type);
        }
        catch (JsonException error)
        {
            throw new CommandException(CommandCode.BadRequest, $"The request cannot be read: {error.Message}");
        }
        if (request is null)
            throw new CommandException(CommandCode.BadRequest, "The request should be an object { ... }.");
        string[] errors = [.. request.Validate()];
        return errors.Length == 0 ? request : throw new CommandException(CommandCode.BadRequest, string.Join(' ', errors));
    }
}
