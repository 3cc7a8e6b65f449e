using System.Text;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>
/// The directory of a zip archive whose entries are stored uncompressed, zip64 included (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5).
/// Everything else a zip may be is refused: compression, encryption, several disks, entries that overlap, and names that lead elsewhere.
/// </summary>
internal static class StoredZip
{
    private const uint LocalSignature = 0x04034b50, EntrySignature = 0x02014b50, EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50, Locator64Signature = 0x07064b50;
    private const int EndBytes = 22, Locator64Bytes = 20, End64Bytes = 56, EntryBytes = 46, LocalBytes = 30;
    private const int MaxCommentBytes = ushort.MaxValue;
    private const int MaxEntries = 1 << 17;
    private const ushort Encrypted = 1, Zip64Extra = 1;

    /// <summary>The entries by name.</summary>
    /// <param name="file">The archive.</param>
    public static IReadOnlyDictionary<string, ZipEntry> Read(CheckpointFile file)
    {
        (long count, long start, long end) = FindDirectory(file);
        if (count > MaxEntries)
            throw file.Error($"is a zip archive of {count} entries; a checkpoint has at most {MaxEntries}");
        ByteReader reader = file.Reader(start, end);
        var entries = new List<(ZipEntry Entry, long Header)>();
        for (long i = 0; i < count; i++)
            entries.Add(ReadEntry(file, reader));
        return Locate(file, entries, start);
    }

    private static (long Count, long Start, long End) FindDirectory(CheckpointFile file)
    {
        long tail = Math.Max(0, file.Length - EndBytes - MaxCommentBytes);
        var bytes = new byte[file.Length - tail];
        file.Read(tail, bytes);
        for (int at = bytes.Length - EndBytes; at >= 0; at--)
        {
            if (BitConverter.ToUInt32(bytes, at) == EndSignature && BitConverter.ToUInt16(bytes, at + 20) == bytes.Length - at - EndBytes)
                return ReadEnd(file, tail + at);
        }
        throw file.Error("is a zip archive without its end: truncated or damaged; fetch it again");
    }

    private static (long Count, long Start, long End) ReadEnd(CheckpointFile file, long end)
    {
        if (end >= Locator64Bytes)
        {
            ByteReader locator = file.Reader(end - Locator64Bytes, end);
            if (locator.ReadUInt32() == Locator64Signature)
            {
                locator.ReadUInt32();
                return ReadEnd64(file, locator.ReadInt64(), end - Locator64Bytes);
            }
        }
        ByteReader reader = file.Reader(end + sizeof(uint), end + EndBytes);
        if (reader.ReadUInt32() != 0)
            throw file.Error("is one part of a split zip archive");
        reader.ReadUInt16();
        int count = reader.ReadUInt16();
        long size = reader.ReadUInt32(), start = reader.ReadUInt32();
        return CheckDirectory(file, count, start, size, end);
    }

    private static (long Count, long Start, long End) ReadEnd64(CheckpointFile file, long position, long limit)
    {
        if (position < 0 || position > limit - End64Bytes)
            throw file.Error("is a zip archive whose directory lies outside of it; it is damaged");
        ByteReader reader = file.Reader(position, limit);
        if (reader.ReadUInt32() != End64Signature)
            throw file.Error("is a zip archive whose zip64 directory is damaged");
        reader.Read(12);
        if (reader.ReadUInt64() != 0)
            throw file.Error("is one part of a split zip archive");
        reader.ReadInt64();
        return CheckDirectory(file, reader.ReadInt64(), size: reader.ReadInt64(), start: reader.ReadInt64(), limit: position);
    }

    private static (long Count, long Start, long End) CheckDirectory(CheckpointFile file, long count, long start, long size, long limit) =>
        count >= 0 && start >= 0 && size >= 0 && start <= limit && size <= limit - start && count <= size / EntryBytes
            ? (count, start, start + size)
            : throw file.Error("is a zip archive whose directory lies outside of it; it is truncated or damaged");

    private static (ZipEntry Entry, long Header) ReadEntry(CheckpointFile file, ByteReader reader)
    {
        if (reader.ReadUInt32() != EntrySignature)
            throw file.Error("is a zip archive whose directory is damaged");
        reader.ReadUInt32();
        ushort flags = reader.ReadUInt16(), method = reader.ReadUInt16();
        reader.ReadUInt64();
        long compressed = reader.ReadUInt32(), size = reader.ReadUInt32();
        int nameLength = reader.ReadUInt16(), extraLength = reader.ReadUInt16(), commentLength = reader.ReadUInt16();
        reader.Read(8);
        long header = reader.ReadUInt32();
        string name = Encoding.UTF8.GetString(reader.Read(nameLength));
        CheckName(file, name);
        ReadZip64(file, reader.Read(extraLength), ref size, ref compressed, ref header);
        reader.Read(commentLength);
        if (method != 0 || compressed != size)
            throw file.Error($"has the compressed entry '{name}'; PyTorch stores its entries as they are. If this is an archive around a checkpoint, unpack it first");
        if ((flags & Encrypted) != 0)
            throw file.Error($"has the encrypted entry '{name}'");
        return (new ZipEntry(name, 0, size), header);
    }

    // Values that do not fit into 32 bits stand in the zip64 extra field, in this order, those alone that are 0xFFFFFFFF in the entry.
    private static void ReadZip64(CheckpointFile file, ReadOnlySpan<byte> extra, ref long size, ref long compressed, ref long header)
    {
        while (extra.Length >= 4)
        {
            ushort id = BitConverter.ToUInt16(extra);
            int length = BitConverter.ToUInt16(extra[2..]);
            if (length > extra.Length - 4)
                throw file.Error("is a zip archive whose directory is damaged");
            ReadOnlySpan<byte> field = extra.Slice(4, length);
            if (id == Zip64Extra)
            {
                Take(ref field, ref size);
                Take(ref field, ref compressed);
                Take(ref field, ref header);
                return;
            }
            extra = extra[(4 + length)..];
        }

        void Take(ref ReadOnlySpan<byte> field, ref long value)
        {
            if (value != uint.MaxValue)
                return;
            if (field.Length < sizeof(long))
                throw file.Error("is a zip archive whose zip64 directory is damaged");
            value = BitConverter.ToInt64(field);
            field = field[sizeof(long)..];
        }
    }

    private static void CheckName(CheckpointFile file, string name)
    {
        if (name.Length == 0 || name[0] == '/' || name.Contains('\\', StringComparison.Ordinal) || name.Any(char.IsControl)
            || name.Split('/').Any(part => part is ".."))
            throw file.Error("is a zip archive with an entry whose name leads out of it");
    }

    /// <summary>Finds where each entry's data begins, from the headers in front of them, and checks that no two share a byte.</summary>
    private static Dictionary<string, ZipEntry> Locate(CheckpointFile file, List<(ZipEntry Entry, long Header)> entries, long limit)
    {
        entries.Sort((a, b) => a.Header.CompareTo(b.Header));
        var located = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        Span<byte> local = stackalloc byte[LocalBytes];
        long free = 0;
        foreach ((ZipEntry entry, long header) in entries)
        {
            if (header < free || header > limit - LocalBytes)
                throw file.Error($"is a zip archive whose entry '{entry.Name}' overlaps another or lies outside; it is truncated or damaged");
            file.Read(header, local);
            long start = header + LocalBytes + BitConverter.ToUInt16(local[26..]) + BitConverter.ToUInt16(local[28..]);
            if (BitConverter.ToUInt32(local) != LocalSignature || start > limit || entry.Size < 0 || entry.Size > limit - start)
                throw file.Error($"is a zip archive whose entry '{entry.Name}' is damaged or reaches out of it");
            if (!located.TryAdd(entry.Name, entry with { Start = start }))
                throw file.Error($"is a zip archive with two entries '{entry.Name}'");
            free = start + entry.Size;
        }
        return located;
    }
}

/// <summary>An uncompressed file in a zip archive.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Start">First byte of its data in the archive.</param>
/// <param name="Size">Bytes.</param>
internal sealed record ZipEntry(string Name, long Start, long Size);
