using Yolact.Edge.Messaging.Outbox.Disk;

namespace Yolact.Edge.Messaging.Outbox.Log;

/// <summary>How it is read when it is opened: after a stop, a kill, a power cut or worse.</summary>
internal sealed partial class SegmentLog
{
    private const string DamagedPrefix = "damaged-";
    private const int DamagedKept = 4;

    private long _lastNumber;

    private void Recover()
    {
        var numbers = new List<long>();
        foreach (string name in _disk.List(_options.Folder))
        {
            if (Segment.TryParse(name, out long number))
                numbers.Add(number);
            else if (Segment.IsSpare(name))
                Keep(Path.Combine(_options.Folder, name));
        }
        numbers.Sort();
        var found = new List<(Segment Segment, SegmentScan Scan)>();
        foreach (long number in numbers)
            found.Add(Scan(number));
        _segments.AddRange(found.Select(one => one.Segment));
        _lastNumber = numbers.Count > 0 ? numbers[^1] : 0;
        _acknowledged = found.Select(one => one.Scan.Acknowledged).DefaultIfEmpty(0).Max();
        _acknowledgedOnDisk = _acknowledged;
        _next = Math.Max(_acknowledged, found.Select(one => Math.Max(one.Segment.Last, (one.Scan.Start ?? 1) - 1)).DefaultIfEmpty(0).Max()) + 1;
        foreach ((Segment segment, SegmentScan scan) in found)
        {
            segment.DamageIsKnown = scan.DamagedBytes > 0;
            segment.Waiting = _reader.CountAfter(segment, _acknowledged);
        }
        ReportDamage(found);
        _tail = _segments.Count > 0 ? _segments[^1] : null;
        // A tail that others were promised in is written on; one that nothing intact is in is begun anew.
        if (_tail is { Length: 0 } empty)
        {
            _segments.Remove(empty);
            empty.Dispose();
            _disk.Delete(empty.Path);
            _tail = null;
        }
    }

    private void Keep(string spare)
    {
        if (_spares.Count < SparesKept)
            _spares.Push(spare);
        else
            _disk.Delete(spare);
    }

    private (Segment Segment, SegmentScan Scan) Scan(long number)
    {
        string path = Path.Combine(_options.Folder, Segment.NameOf(number));
        IOutboxFile file = _disk.Open(path);
        byte[] bytes = new byte[file.Length];
        int read = file.Read(bytes, 0);
        var segment = new Segment(number, path, file) { First = long.MaxValue, Last = long.MinValue };
        SegmentScan scan = SegmentScan.Read(bytes.AsSpan(0, read), number, (header, body) =>
        {
            if (header.Kind != RecordKind.Message)
                return;
            segment.First = Math.Min(segment.First, header.Sequence);
            segment.Last = Math.Max(segment.Last, header.Sequence);
            segment.Newest = Later(segment.Newest, StoredMessage.Time(body));
        });
        segment.Length = scan.End;
        segment.First = Math.Min(segment.First, scan.Start ?? segment.First);
        segment.Last = Math.Max(segment.Last, (scan.Start ?? 1) - 1);
        return (segment, scan);
    }

    // Within a segment sequences are consecutive, so that a gap tells how many messages damage took. Between two segments it does where the
    // first one's end is unclean or a file is missing; otherwise the messages in between were kept in memory and told of.
    private void ReportDamage(List<(Segment Segment, SegmentScan Scan)> found)
    {
        for (int i = 0; i < found.Count; i++)
        {
            (Segment segment, SegmentScan scan) = found[i];
            bool unclean = scan.DamagedBytes > 0 || scan.TailIsUnclean || scan.IsShort;
            long lost = Gap(segment.First, segment.Last, files: 1) - segment.Waiting;
            if (i + 1 < found.Count && found[i + 1].Segment is var next && (unclean || next.Number > segment.Number + 1))
                lost += Gap(segment.Last + 1, next.First - 1, files: next.Number - segment.Number);
            if ((!unclean && lost <= 0) || (unclean && !Quarantine(segment)))
                continue;
            segment.DamageIsKnown = true;
            Losses(new LogLoss(LogLossKind.Damaged, Math.Max(0, lost), Path.GetFileName(segment.Path)));
        }
    }

    // Messages from one sequence to another that nobody has acknowledged; none where so many files cannot hold so many.
    private long Gap(long first, long last, long files)
    {
        long count = last - Math.Max(first, _acknowledged + 1) + 1;
        return first > last || count > files * (_options.SegmentBytes / RecordFormat.HeaderBytes) ? 0 : Math.Max(0, count);
    }

    // A copy for whoever wants to know; what is intact in the file itself is still sent. False where there is one already: it was told of.
    private bool Quarantine(Segment segment)
    {
        string name = DamagedPrefix + Path.GetFileName(segment.Path);
        try
        {
            string[] copies = [.. _disk.List(_options.Folder).Where(name => name.StartsWith(DamagedPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            if (copies.Contains(name))
                return false;
            foreach (string old in copies.Take(Math.Max(0, copies.Length - DamagedKept + 1)))
                _disk.Delete(Path.Combine(_options.Folder, old));
            byte[] bytes = new byte[segment.File.Length];
            int read = segment.File.Read(bytes, 0);
            using IOutboxFile copy = _disk.Open(Path.Combine(_options.Folder, name));
            copy.Write(bytes.AsSpan(0, read), 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without room for a copy the report has to do.
        }
        return true;
    }
}
