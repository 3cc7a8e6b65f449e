using MQTTnet;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>
/// Notices a link that is connected but dead: a broker that does not answer a ping, or does not acknowledge, in time. Pings go out at the
/// keep-alive's pace whatever else is sent: a flow of QoS 0 messages into a dead link tells nobody that it is dead.
/// </summary>
/// <param name="client">The connected client.</param>
/// <param name="window">Publishes on their way.</param>
/// <param name="keepAlive">The keep-alive in force.</param>
/// <param name="timeout">How long an answer may take.</param>
/// <param name="clock">Measures.</param>
internal sealed class LinkProbe(IMqttClient client, PublishWindow window, TimeSpan keepAlive, TimeSpan timeout, TimeProvider clock)
{
    // Before the keep-alive is over: the broker's patience ends after 1.5 of it.
    private const double PingAfter = 0.75;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns what is wrong once the link is dead.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        long pinged = clock.GetTimestamp();
        while (true)
        {
            await Task.Delay(Look, clock, cancellation);
            if (window.Oldest is > 0 and var oldest && clock.GetElapsedTime(oldest) > timeout)
                return $"the broker acknowledged nothing for {timeout.TotalSeconds} s";
            if (clock.GetElapsedTime(pinged) < keepAlive * PingAfter)
                continue;
            if (!await AnswersAsync(cancellation))
                return $"the broker did not answer for {timeout.TotalSeconds} s";
            pinged = clock.GetTimestamp();
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            await client.PingAsync(either.Token);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            cancellation.ThrowIfCancellationRequested();
            return !late.IsCancellationRequested;
        }
    }
}
