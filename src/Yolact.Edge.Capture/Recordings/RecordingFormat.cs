using System.Buffers.Binary;
using System.Numerics;

namespace Yolact.Edge.Capture.Recordings;

/// <summary>How pixels are stored in a recording.</summary>
public enum RecordingCompression
{
    /// <summary>As they are: no time, most space.</summary>
    Raw,

    /// <summary>Brotli at its fastest level: lossless.</summary>
    Brotli,
}

/// <summary>
/// The container of a recording, little-endian: the 8 bytes <c>YolRec1\n</c>, then records. A record is kind (u8), three zero bytes,
/// payload length (u32), payload, and CRC-32C (u32) of all of that. Kinds:
/// <list type="bullet">
/// <item>1, frame: sequence (i64), time in ns (i64), uncertainty, exposure, readout in 100 ns (i64 each; -1: unknown), width and height
/// (i32), meaning, format, compression (u8 each), one zero byte, then the pixels without padding between rows.</item>
/// <item>2, edge: time in ns (i64), sequence (i64), edge (u8: 0 rising, 1 falling), length of the line's name (u8), name (UTF-8).</item>
/// <item>3, end: number of frames and edges (i64 each). Without it the recording was cut off, and everything before counts.</item>
/// </list>
/// Unknown kinds are passed over.
/// </summary>
internal static class RecordingFormat
{
    public const int HeadLength = 8;
    public const int TailLength = 4;
    public const int FrameHeadLength = (8 * 5) + (4 * 2) + 4;
    public const int EdgeHeadLength = 18;
    public const int EndLength = 16;

    /// <summary>The largest picture, in bytes: 32768 px square in no format; 16384 x 4096 px of BGRx.</summary>
    public const int MaxPixelBytes = 256 << 20;

    /// <summary>The largest payload: Brotli may exceed its input by little.</summary>
    public const int MaxPayload = MaxPixelBytes + (1 << 20);

    public const byte Frame = 1;
    public const byte Edge = 2;
    public const byte End = 3;

    public static ReadOnlySpan<byte> Magic => "YolRec1\n"u8;

    /// <summary>CRC-32C (Castagnoli), continued over several spans; begin with <see cref="uint.MaxValue"/>, complement at the end.</summary>
    public static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }
        foreach (byte b in data)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
