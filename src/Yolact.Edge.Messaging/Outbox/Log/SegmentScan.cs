using System.Buffers.Binary;

namespace Yolact.Edge.Messaging.Outbox.Log;

/// <summary>
/// Reads a segment from its first byte to its last, whatever happened to it: every intact record counts, the bytes between two of them are
/// damage. After the last one there must be 32 zero bytes or the end of the file; anything else is a write that power cut short, or damage.
/// </summary>
internal sealed class SegmentScan
{
    private const int StartBodyBytes = 16;

    /// <summary>Scans a segment.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="number">Number of the segment.</param>
    /// <param name="found">Receives each intact record and its body.</param>
    public static SegmentScan Read(ReadOnlySpan<byte> bytes, long number, RecordReceiver found)
    {
        var scan = new SegmentScan();
        int at = 0;
        while (at < bytes.Length)
        {
            if (RecordFormat.TryRead(bytes[at..], number, out RecordHeader header))
            {
                scan.Note(header, bytes.Slice(at + RecordFormat.HeaderBytes, header.BodyBytes));
                found(header, bytes.Slice(at + RecordFormat.HeaderBytes, header.BodyBytes));
                at += header.Size;
                scan.End = at;
                continue;
            }
            int next = FindNext(bytes, at + RecordFormat.Alignment, number);
            if (next < 0)
            {
                scan.TailIsUnclean = HasRemains(bytes[at..], at == 0);
                break;
            }
            scan.DamagedBytes += next - at;
            at = next;
        }
        scan.IsShort = scan.FileBytes > bytes.Length;
        return scan;
    }

    /// <summary>Bytes up to the end of the last intact record.</summary>
    public int End { get; private set; }

    /// <summary>Bytes between intact records that hold none.</summary>
    public long DamagedBytes { get; private set; }

    /// <summary>True where something follows the last intact record.</summary>
    public bool TailIsUnclean { get; private set; }

    /// <summary>True where the file was longer when it was made.</summary>
    public bool IsShort { get; private set; }

    /// <summary>Sequence of the first message that the segment takes; null where its first record is gone.</summary>
    public long? Start { get; private set; }

    /// <summary>Every message up to this sequence was acknowledged.</summary>
    public long Acknowledged { get; private set; }

    private long FileBytes { get; set; }

    /// <summary>Position of the next intact record from a position on; -1 where there is none.</summary>
    public static int FindNext(ReadOnlySpan<byte> bytes, int from, long number)
    {
        for (int at = from; at + RecordFormat.HeaderBytes <= bytes.Length; at += RecordFormat.Alignment)
        {
            if (RecordFormat.TryRead(bytes[at..], number, out _))
                return at;
        }
        return -1;
    }

    /// <summary>Writes the body of a segment's first record.</summary>
    public static void WriteStart(Span<byte> body, long acknowledged, long fileBytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(body, acknowledged);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], fileBytes);
    }

    public static int StartBytes => StartBodyBytes;

    private static bool HasRemains(ReadOnlySpan<byte> rest, bool nothingFound)
    {
        ReadOnlySpan<byte> next = rest[..Math.Min(RecordFormat.HeaderBytes, rest.Length)];
        if (!next.ContainsAnyExcept((byte)0))
            return false;
        // A segment that is used again, and that power cut before its first write, holds whole old records: nothing of it is amiss.
        bool used = nothingFound && next.Length == RecordFormat.HeaderBytes
            && RecordFormat.TryRead(rest, BinaryPrimitives.ReadInt64LittleEndian(next[8..]), out _);
        return !used;
    }

    private void Note(RecordHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Kind == RecordKind.Acknowledged)
            Acknowledged = Math.Max(Acknowledged, header.Sequence);
        if (header.Kind != RecordKind.Start || body.Length < StartBodyBytes)
            return;
        Start = header.Sequence;
        Acknowledged = Math.Max(Acknowledged, BinaryPrimitives.ReadInt64LittleEndian(body));
        FileBytes = BinaryPrimitives.ReadInt64LittleEndian(body[8..]);
    }
}

/// <summary>Receives an intact record.</summary>
internal delegate void RecordReceiver(RecordHeader header, ReadOnlySpan<byte> body);
