using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Yolact.Edge.Messaging.Outbox.Log;

/// <summary>What a record is.</summary>
internal enum RecordKind : uint
{
    /// <summary>The first record of a segment; its sequence is that of the first message the segment takes.</summary>
    Start = 1,

    /// <summary>A message.</summary>
    Message = 2,

    /// <summary>Every message up to its sequence was acknowledged. No body.</summary>
    Acknowledged = 3,
}

/// <summary>A record that was found intact.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sequence">Of the message; see <see cref="RecordKind"/> for the others.</param>
/// <param name="BodyBytes">Bytes of the body, which begins <see cref="RecordFormat.HeaderBytes"/> after the record.</param>
internal readonly record struct RecordHeader(RecordKind Kind, long Sequence, int BodyBytes)
{
    /// <summary>Bytes up to the next record.</summary>
    public int Size => RecordFormat.SizeOf(BodyBytes);
}

/// <summary>
/// How a record lies in a segment. All numbers are little-endian; a record begins at a multiple of 8 and is filled up with zeros to one.
/// <code>
///  0  u32  0x31424f59, "YOB1"
///  4  u32  bytes of the body
///  8  i64  number of the segment: a segment is written over again, and its old records must not count
/// 16  i64  sequence
/// 24  u32  kind
/// 28  u32  CRC-32C of everything before this field, and of the body with its fill
/// 32       body
/// </code>
/// </summary>
internal static class RecordFormat
{
    public const int HeaderBytes = 32;
    public const int Alignment = 8;

    private const uint Magic = 0x31424f59;
    private const int CheckedBytes = 28;

    public static int SizeOf(int bodyBytes) => (HeaderBytes + bodyBytes + Alignment - 1) & -Alignment;

    /// <summary>Completes a record whose body is in place already.</summary>
    /// <param name="record">Exactly the record, its fill included.</param>
    /// <param name="segment">Number of the segment.</param>
    /// <param name="header">What it is.</param>
    public static void Seal(Span<byte> record, long segment, RecordHeader header)
    {
        record[(HeaderBytes + header.BodyBytes)..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], header.BodyBytes);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], segment);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], header.Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(record[24..], (uint)header.Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(record[CheckedBytes..], Check(record));
    }

    /// <summary>How long a record says it is, its header alone being known.</summary>
    /// <returns>False where no record of the segment begins.</returns>
    public static bool TryPeek(ReadOnlySpan<byte> bytes, long segment, out int size)
    {
        size = 0;
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) != segment
            || BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) is not (>= 0 and <= int.MaxValue - 64 and var body))
            return false;
        size = SizeOf(body);
        return true;
    }

    /// <summary>Reads the record that bytes begin with.</summary>
    /// <returns>False where there is none that is intact.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long segment, out RecordHeader header)
    {
        header = default;
        if (!TryPeek(bytes, segment, out int size) || size > bytes.Length)
            return false;
        ReadOnlySpan<byte> record = bytes[..size];
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[CheckedBytes..]) != Check(record))
            return false;
        header = new RecordHeader((RecordKind)BinaryPrimitives.ReadUInt32LittleEndian(record[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[16..]), BinaryPrimitives.ReadInt32LittleEndian(record[4..]));
        return true;
    }

    // Castagnoli's polynomial, which processors compute: it finds every burst of up to 32 flipped bits.
    private static uint Check(ReadOnlySpan<byte> record)
    {
        uint crc = uint.MaxValue;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(record[..24]))
            crc = BitOperations.Crc32C(crc, word);
        crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt32LittleEndian(record[24..]));
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(record[HeaderBytes..]))
            crc = BitOperations.Crc32C(crc, word);
        return ~crc;
    }
}
