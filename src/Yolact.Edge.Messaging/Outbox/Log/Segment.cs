using System.Globalization;
using Yolact.Edge.Messaging.Outbox.Disk;

namespace Yolact.Edge.Messaging.Outbox.Log;

/// <summary>One file of the log, and what is known of it.</summary>
/// <param name="number">Its number: files are read in this order.</param>
/// <param name="path">Where it lies.</param>
/// <param name="file">The open file.</param>
internal sealed class Segment(long number, string path, IOutboxFile file) : IDisposable
{
    private const string Prefix = "segment-", Suffix = ".log", SparePrefix = "spare-";

    public long Number { get; } = number;

    public string Path { get; } = path;

    public IOutboxFile File { get; } = file;

    /// <summary>Bytes up to the end of the last intact record.</summary>
    public long Length { get; set; }

    /// <summary>Sequence of the first message that it holds or would hold.</summary>
    public long First { get; set; }

    /// <summary>Sequence of the last message; less than <see cref="First"/> where it holds none.</summary>
    public long Last { get; set; }

    /// <summary>Messages in it that were neither acknowledged nor given up.</summary>
    public int Waiting { get; set; }

    /// <summary>When its newest message was made; null where no clock could be trusted.</summary>
    public DateTime? Newest { get; set; }

    /// <summary>True where damage in it was told of.</summary>
    public bool DamageIsKnown { get; set; }

    public void Dispose() => File.Dispose();

    public static string NameOf(long number) => Prefix + number.ToString("D12", CultureInfo.InvariantCulture) + Suffix;

    public static string SpareNameOf(long number) => SparePrefix + number.ToString("D12", CultureInfo.InvariantCulture) + Suffix;

    public static bool IsSpare(string name) => name.StartsWith(SparePrefix, StringComparison.Ordinal);

    public static bool TryParse(string name, out long number)
    {
        number = 0;
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
