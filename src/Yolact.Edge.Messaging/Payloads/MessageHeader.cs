using Yolact.Edge.Imaging;

namespace Yolact.Edge.Messaging.Payloads;

/// <summary>Who says it and when: what every message starts with.</summary>
/// <param name="Id">device/run/sequence: the same for every delivery of one message.</param>
/// <param name="Source">The topic root of what speaks: <c>yolact/1/{device}</c>, or below it a camera.</param>
/// <param name="Time">When the message was made.</param>
public readonly record struct MessageHeader(string Id, string Source, MessageTime Time);

/// <summary>A moment on both clocks of a device.</summary>
/// <param name="Utc">Wall clock.</param>
/// <param name="UtcSynchronized">False while the wall clock was not set by a time server since boot: do not trust it then.</param>
/// <param name="MonotonicNs">CLOCK_MONOTONIC in ns: comparable within one boot.</param>
/// <param name="BootId">The boot that <paramref name="MonotonicNs"/> counts from.</param>
public readonly record struct MessageTime(DateTime Utc, bool UtcSynchronized, long MonotonicNs, string BootId)
{
    /// <summary>The moment <paramref name="then"/> of the same boot on the wall clock.</summary>
    /// <param name="then">A moment of this boot.</param>
    public DateTime UtcOf(MonotonicTime then) => Utc + (then - new MonotonicTime(MonotonicNs));
}
