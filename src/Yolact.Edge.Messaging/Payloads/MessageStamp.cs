using System.Globalization;
using System.Security.Cryptography;
using Yolact.Edge.Imaging;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Messaging.Payloads;

/// <summary>
/// Gives messages their ids and times. The run is random at the start of the program, the sequence rises by one a message: no two
/// messages of a device share an id. Safe for use from several threads.
/// </summary>
public sealed class MessageStamp
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private readonly TimeProvider _clock;
    private readonly Func<bool> _synchronized;
    private long _sequence;

    /// <summary>Stamps for one run of the program.</summary>
    /// <param name="topics">The device's topics.</param>
    /// <param name="clock">Both clocks.</param>
    /// <param name="run">This run; null for a random one.</param>
    /// <param name="bootId">This boot; null to ask the kernel.</param>
    /// <param name="synchronized">Whether the wall clock is synchronised; null to ask the kernel.</param>
    public MessageStamp(TopicTree topics, TimeProvider clock, string? run = null, string? bootId = null, Func<bool>? synchronized = null)
    {
        ArgumentNullException.ThrowIfNull(topics);
        Topics = topics;
        _clock = clock;
        Run = run ?? RandomNumberGenerator.GetHexString(12, lowercase: true);
        BootId = bootId ?? KernelBootId();
        _synchronized = synchronized ?? (() => WallClock.IsSynchronized);
    }

    /// <summary>The device's topics.</summary>
    public TopicTree Topics { get; }

    /// <summary>This run of the program: 12 hexadecimal digits.</summary>
    public string Run { get; }

    /// <summary>This boot of the machine.</summary>
    public string BootId { get; }

    /// <summary>The time now.</summary>
    public MessageTime Now => new(_clock.GetUtcNow().UtcDateTime, _synchronized(), MonotonicTime.Now(_clock).Nanoseconds, BootId);

    /// <summary>A header with the next id and the time now.</summary>
    /// <param name="source">What speaks; null for the device itself.</param>
    public MessageHeader Next(string? source = null)
    {
        long sequence = Interlocked.Increment(ref _sequence);
        string id = string.Create(CultureInfo.InvariantCulture, $"{Topics.Device}/{Run}/{sequence}");
        return new(id, source ?? Topics.Root, Now);
    }

    private static string KernelBootId()
    {
        try
        {
            return File.ReadAllText(BootIdFile).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
