using System.Buffers;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Messaging.Outbox.Log;

/// <summary>Where reading has come to, and how the next message is found from there.</summary>
/// <param name="pool">Memory for messages.</param>
/// <param name="losses">Receives what cannot be read any more, although it could when the log was opened.</param>
internal sealed class SegmentReader(PayloadPool pool, Action<LogLoss> losses)
{
    private long _number = -1;
    private long _position;

    public void Rewind() => _number = -1;

    /// <summary>Reads the next message with a sequence above <paramref name="after"/>.</summary>
    public bool TryRead(List<Segment> segments, long after, out Promise promise)
    {
        promise = default;
        for (int i = Math.Max(0, segments.FindIndex(segment => segment.Number >= _number)); i < segments.Count; i++)
        {
            Segment segment = segments[i];
            if (segment.Number != _number)
                (_number, _position) = (segment.Number, 0);
            if (segment.Last <= after && i < segments.Count - 1)
                continue;
            if (TryReadIn(segment, after, out promise))
                return true;
        }
        return false;
    }

    /// <summary>How many different messages above a sequence a segment holds.</summary>
    public int CountAfter(Segment segment, long after)
    {
        int count = 0;
        long position = 0;
        while (Next(segment, ref position, out RecordHeader header, out byte[]? record))
        {
            if (header.Kind == RecordKind.Message && header.Sequence > after)
                (count, after) = (count + 1, header.Sequence);
            ArrayPool<byte>.Shared.Return(record!);
        }
        return count;
    }

    private bool TryReadIn(Segment segment, long after, out Promise promise)
    {
        while (Next(segment, ref _position, out RecordHeader header, out byte[]? record))
        {
            try
            {
                // A message that is in the log twice, since a failed write had succeeded after all, is read once.
                if (header.Kind == RecordKind.Message && header.Sequence > after
                    && StoredMessage.TryRead(record.AsSpan(RecordFormat.HeaderBytes, header.BodyBytes), pool, out OutgoingMessage message))
                {
                    promise = new Promise(header.Sequence, message);
                    return true;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(record!);
            }
        }
        promise = default;
        return false;
    }

    // The record at a position, or the next one that is intact.
    private bool Next(Segment segment, ref long position, out RecordHeader header, out byte[]? record)
    {
        (header, record) = (default, null);
        while (position < segment.Length)
        {
            byte[] bytes = ArrayPool<byte>.Shared.Rent(RecordFormat.HeaderBytes);
            int read = segment.File.Read(bytes.AsSpan(0, RecordFormat.HeaderBytes), position);
            bool begins = RecordFormat.TryPeek(bytes.AsSpan(0, read), segment.Number, out int size) && position + size <= segment.Length;
            ArrayPool<byte>.Shared.Return(bytes);
            if (begins)
            {
                record = ArrayPool<byte>.Shared.Rent(size);
                read = segment.File.Read(record.AsSpan(0, size), position);
                if (RecordFormat.TryRead(record.AsSpan(0, read), segment.Number, out header))
                {
                    position += header.Size;
                    return true;
                }
                ArrayPool<byte>.Shared.Return(record);
                record = null;
            }
            SkipDamage(segment, ref position);
        }
        return false;
    }

    private void SkipDamage(Segment segment, ref long position)
    {
        byte[] rest = new byte[segment.Length - position];
        int read = segment.File.Read(rest, position);
        int next = SegmentScan.FindNext(rest.AsSpan(0, read), RecordFormat.Alignment, segment.Number);
        if (!segment.DamageIsKnown)
            losses(new LogLoss(LogLossKind.Damaged, 0, Path.GetFileName(segment.Path)));
        segment.DamageIsKnown = true;
        position = next < 0 ? segment.Length : position + next;
    }
}
