using MQTTnet;
using Yolact.Edge.Messaging.Outbox;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>A publish that was begun and is not settled.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Promise">The promised message; null for state.</param>
/// <param name="Begun">When it was begun, as a timestamp of the clock.</param>
/// <param name="Result">What the broker says.</param>
internal readonly record struct InFlight(string Topic, Promise? Promise, long Begun, Task<MqttClientPublishResult> Result);

/// <summary>
/// Publishes on their way, in the order in which they were begun. MQTT acknowledges in that order too (MQTT-4.6.0-2), so that the first is
/// settled first. Filled and emptied by one task; watched by another.
/// </summary>
internal sealed class PublishWindow
{
    private readonly Queue<InFlight> _publishes = new();
    private long _oldest;

    /// <summary>Publishes that are not settled.</summary>
    public int Count => _publishes.Count;

    /// <summary>When the first one was begun; 0 where there is none. Safe to read from any thread.</summary>
    public long Oldest => Interlocked.Read(ref _oldest);

    public void Add(in InFlight publish)
    {
        _publishes.Enqueue(publish);
        Look();
    }

    /// <summary>Takes the first publish where the broker has answered, or the connection failed.</summary>
    public bool TryTakeSettled(out InFlight publish)
    {
        if (!_publishes.TryPeek(out publish) || !publish.Result.IsCompleted)
            return false;
        _publishes.Dequeue();
        Look();
        return true;
    }

    /// <summary>Forgets all: their connection is gone.</summary>
    public void Clear()
    {
        foreach (InFlight publish in _publishes)
            _ = publish.Result.ContinueWith(static failed => failed.Exception, TaskScheduler.Default);
        _publishes.Clear();
        Look();
    }

    private void Look() => Interlocked.Exchange(ref _oldest, _publishes.TryPeek(out InFlight first) ? first.Begun : 0);
}
