namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>A subscriber on the device, and what it got.</summary>
/// <param name="process">mosquitto_sub.</param>
public sealed class Subscription(RemoteProcess process) : IAsyncDisposable
{
    /// <summary>How long anything may take; the machine may be slow, the guest is. Less where a failure is what one waits for.</summary>
    public static readonly TimeSpan Patience = BenchFixture.IsPlanted ? TimeSpan.FromMinutes(1.5) : TimeSpan.FromMinutes(4);

    /// <summary>All messages so far.</summary>
    public Message[] Messages => Parse(process.Lines);

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

    /// <summary>Waits until the device says what became of a document on config/desired.</summary>
    /// <param name="version">The document's version.</param>
    /// <param name="state">What is to become of it: applied, rejected, rolled_back.</param>
    public Task<Message> ReportedAsync(string version, string state) => WaitAsync(message => message.Topic == "config/reported"
        && (string?)message.Body["desired_version"] == version && (string?)message.Body["state"] == state, $"configuration {version} {state}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static Message[] Parse(string[] lines) => [.. lines.Select(Message.Parse).OfType<Message>()];
}
