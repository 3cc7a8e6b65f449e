namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>A subscriber on the device, and what it got.</summary>
/// <param name="process">mosquitto_sub.</param>
public sealed class Subscription(RemoteProcess process) : IAsyncDisposable
{
    /// <summary>How long anything may take; the machine may be slow, the guest is.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>All messages so far.</summary>
    public Message[] Messages => Parse(process.Lines);

    /// <summary>Messages about edges so far: detections, and events that name one.</summary>
    public Message[] OfEdges => [.. Messages.Where(message => message.Edge is not null)];

    /// <summary>Waits for a message, which may have come before.</summary>
    /// <param name="condition">Which.</param>
    /// <param name="what">Names it for a failure.</param>
    public async Task<Message> WaitAsync(Func<Message, bool> condition, string what) => (await WaitAsync(1, condition, what))[0];

    /// <summary>Waits for so many messages.</summary>
    public async Task<Message[]> WaitAsync(int count, Func<Message, bool> condition, string what)
    {
        Message[]? found = await process.WaitAsync(lines => Parse(lines).Where(condition).ToArray() is { } some && some.Length >= count ? some : null, Patience);
        if (found is null)
            Assert.Fail($"{what} did not come; the last messages: {string.Join("\n", Messages.TakeLast(5).AsEnumerable())}");
        return found;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static Message[] Parse(string[] lines) => [.. lines.Select(Message.Parse).OfType<Message>()];
}
