namespace Yolact.Edge.Messaging.Outbox.Log;

/// <summary>How it is written.</summary>
internal sealed partial class SegmentLog
{
    private static readonly byte[] Zeros = new byte[1 << 16];

    // A record and the zeros that end the log after it. A message larger than a segment gets one of its own.
    private bool HasRoom(int size) =>
        _tail!.Length + _staged.WrittenCount + size + RecordFormat.HeaderBytes <= _options.SegmentBytes || (_tail.Last < _tail.First && _batch.Count == 0);

    private void Stage(in Promise promise, int body)
    {
        if (Acknowledged > _acknowledgedOnDisk)
            StageAcknowledged();
        int size = RecordFormat.SizeOf(body);
        Span<byte> record = _staged.GetSpan(size)[..size];
        StoredMessage.Write(record.Slice(RecordFormat.HeaderBytes, body), promise.Message);
        RecordFormat.Seal(record, _tail!.Number, new RecordHeader(RecordKind.Message, promise.Sequence, body));
        _staged.Advance(size);
        DateTime? time = promise.Message.Header.Time is { UtcSynchronized: true } made ? made.Utc : null;
        _batch = (_batch.Count == 0 ? promise.Sequence : _batch.First, promise.Sequence, _batch.Count + 1, Later(_batch.Newest, time));
    }

    private void StageAcknowledged()
    {
        long acknowledged = Acknowledged;
        Span<byte> record = _staged.GetSpan(RecordFormat.HeaderBytes)[..RecordFormat.HeaderBytes];
        RecordFormat.Seal(record, _tail!.Number, new RecordHeader(RecordKind.Acknowledged, acknowledged, 0));
        _staged.Advance(record.Length);
        _acknowledgedOnDisk = acknowledged;
    }

    private void Flush(bool sync)
    {
        if (_staged.WrittenCount == 0)
            return;
        Segment tail = _tail!;
        int bytes = _staged.WrittenCount;
        // Zeros where the next record will be: what stands there from an earlier use must not pass for a write that power cut short.
        _staged.GetSpan(RecordFormat.HeaderBytes)[..RecordFormat.HeaderBytes].Clear();
        _staged.Advance(RecordFormat.HeaderBytes);
        tail.File.Write(_staged.WrittenSpan, tail.Length);
        BytesWritten += _staged.WrittenCount;
        if (sync)
        {
            tail.File.Sync();
            Commits++;
        }
        lock (_lock)
        {
            tail.Length += bytes;
            if (_batch.Count > 0)
            {
                tail.Last = _batch.Last;
                tail.Waiting += _batch.Count;
                tail.Newest = Later(tail.Newest, _batch.Newest);
                _next = _batch.Last + 1;
            }
        }
        _staged.ResetWrittenCount();
        _batch = default;
    }

    // Begins a new file. Its name is on the disk before its first record is; the record is synced with the first message.
    private void Roll(long first)
    {
        while (_segments.Count > 0 && (_segments.Count + 1 + SparesKept) * (long)_options.SegmentBytes > _options.MaxBytes)
            GiveUp(_segments[0], LogLossKind.NoRoom);
        long number = _segments.Count > 0 ? _segments[^1].Number + 1 : _lastNumber + 1;
        string path = Path.Combine(_options.Folder, Segment.NameOf(number));
        var segment = new Segment(number, path, Make(path)) { First = first, Last = first - 1 };
        _lastNumber = number;
        _disk.SyncFolder(_options.Folder);
        lock (_lock)
            _segments.Add(segment);
        _tail = segment;
        int size = RecordFormat.SizeOf(SegmentScan.StartBytes);
        Span<byte> record = _staged.GetSpan(size)[..size];
        long acknowledged = Acknowledged;
        SegmentScan.WriteStart(record[RecordFormat.HeaderBytes..], acknowledged, _options.SegmentBytes);
        RecordFormat.Seal(record, number, new RecordHeader(RecordKind.Start, first, SegmentScan.StartBytes));
        _staged.Advance(size);
        _acknowledgedOnDisk = acknowledged;
    }

    private Disk.IOutboxFile Make(string path)
    {
        if (_spares.TryPop(out string? spare))
        {
            _disk.Rename(spare, path);
            return _disk.Open(path);
        }
        Disk.IOutboxFile file = _disk.Open(path);
        try
        {
            for (long at = 0; at < _options.SegmentBytes; at += Zeros.Length)
                file.Write(Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, _options.SegmentBytes - at)), at);
            BytesWritten += _options.SegmentBytes;
            file.Sync();
            return file;
        }
        catch
        {
            // A file without room is only in the way.
            file.Dispose();
            _disk.Delete(path);
            throw;
        }
    }

    private static DateTime? Later(DateTime? one, DateTime? other) => one > other || other is null ? one : other;
}
