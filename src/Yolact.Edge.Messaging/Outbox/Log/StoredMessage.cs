using System.Buffers.Binary;
using System.Text;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Messaging.Outbox.Log;

/// <summary>
/// A message as the body of a record: what is sent again after a restart, the id above all.
/// <code>
///  0  i64  time in UTC, ticks of 100 ns since year 1
///  8  u8   1: the wall clock was synchronised
///  9  u8   bytes of the type
/// 10  u16  bytes of the id
/// 12  u16  bytes of the source
/// 14  u16  bytes of the topic
/// 16       type, id, source, topic (UTF-8), payload
/// </code>
/// </summary>
internal static class StoredMessage
{
    private const int FixedBytes = 16;

    public static int BodyBytes(in OutgoingMessage message) => FixedBytes + Encoding.UTF8.GetByteCount(message.Type)
        + Encoding.UTF8.GetByteCount(message.Header.Id) + Encoding.UTF8.GetByteCount(message.Header.Source)
        + Encoding.UTF8.GetByteCount(message.Topic) + message.Payload.Length;

    public static void Write(Span<byte> body, in OutgoingMessage message)
    {
        BinaryPrimitives.WriteInt64LittleEndian(body, message.Header.Time.Utc.Ticks);
        body[8] = message.Header.Time.UtcSynchronized ? (byte)1 : (byte)0;
        int at = FixedBytes;
        body[9] = checked((byte)Text(body, message.Type, ref at));
        BinaryPrimitives.WriteUInt16LittleEndian(body[10..], Text(body, message.Header.Id, ref at));
        BinaryPrimitives.WriteUInt16LittleEndian(body[12..], Text(body, message.Header.Source, ref at));
        BinaryPrimitives.WriteUInt16LittleEndian(body[14..], Text(body, message.Topic, ref at));
        message.Payload.WrittenSpan.CopyTo(body[at..]);
    }

    /// <summary>When a message was made; null where the clock could not be trusted.</summary>
    public static DateTime? Time(ReadOnlySpan<byte> body) =>
        body.Length >= FixedBytes && (body[8] & 1) != 0 && BinaryPrimitives.ReadInt64LittleEndian(body) is >= 0 and <= 3155378975999999999 and var ticks
            ? new DateTime(ticks, DateTimeKind.Utc)
            : null;

    /// <summary>Reads a message into memory of a pool.</summary>
    /// <returns>False where the body is none: its checksum holds, but a stranger wrote it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, PayloadPool pool, out OutgoingMessage message)
    {
        message = default;
        if (body.Length < FixedBytes)
            return false;
        long ticks = Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(body), 0, DateTime.MaxValue.Ticks);
        int type = body[9], id = BinaryPrimitives.ReadUInt16LittleEndian(body[10..]);
        int source = BinaryPrimitives.ReadUInt16LittleEndian(body[12..]), topic = BinaryPrimitives.ReadUInt16LittleEndian(body[14..]);
        if (FixedBytes + type + id + source + topic > body.Length)
            return false;
        ReadOnlySpan<byte> rest = body[FixedBytes..];
        string typeText = Take(ref rest, type), idText = Take(ref rest, id), sourceText = Take(ref rest, source), topicText = Take(ref rest, topic);
        PayloadBuffer payload = pool.Rent();
        rest.CopyTo(payload.GetSpan(rest.Length));
        payload.Advance(rest.Length);
        var time = new MessageTime(new DateTime(ticks, DateTimeKind.Utc), (body[8] & 1) != 0, 0, "");
        message = new OutgoingMessage(topicText, typeText, new MessageHeader(idText, sourceText, time), payload, Promised: true);
        return true;
    }

    private static ushort Text(Span<byte> body, string text, ref int at)
    {
        int written = Encoding.UTF8.GetBytes(text, body[at..]);
        at += written;
        return checked((ushort)written);
    }

    private static string Take(ref ReadOnlySpan<byte> rest, int bytes)
    {
        string text = Encoding.UTF8.GetString(rest[..bytes]);
        rest = rest[bytes..];
        return text;
    }
}
