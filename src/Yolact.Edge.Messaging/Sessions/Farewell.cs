using MQTTnet;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>The end of one connection. The library knows that a connection is gone a moment before it says why.</summary>
internal sealed class Farewell
{
    private readonly TaskCompletionSource<string> _reason = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why it ended, in words; waits until it has.</summary>
    public Task<string> Reason => _reason.Task;

    /// <summary>Takes what the library says of the end.</summary>
    /// <param name="arguments">A broker's own words go before the library's.</param>
    public void Hear(MqttClientDisconnectedEventArgs arguments) => _reason.TrySetResult(
        arguments.Exception is { } error && arguments.ReasonString is not { Length: > 0 }
            ? ConnectionProblem.Describe(error)
            : ConnectionProblem.Describe(arguments.Reason, arguments.ReasonString));
}
