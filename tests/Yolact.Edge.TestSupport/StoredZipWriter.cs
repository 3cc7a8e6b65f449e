using System.Text;

namespace Yolact.Edge.TestSupport;

/// <summary>Writes zip archives of uncompressed entries whose data begins at multiples of 64 bytes, as PyTorch's are.</summary>
public sealed class StoredZipWriter(Stream stream) : IDisposable
{
    private const int Alignment = 64;
    private const ushort Utf8Names = 0x0800;
    private const ushort PaddingExtra = 0x4246;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(i => CrcOfByte((uint)i))];

    private readonly BinaryWriter _writer = new(stream, Encoding.UTF8, leaveOpen: true);
    private readonly List<(string Name, uint Crc, int Size, long Header)> _entries = [];

    public void Add(string name, ReadOnlySpan<byte> data)
    {
        long header = stream.Position;
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        long start = header + 30 + nameBytes.Length + 4;
        int padding = (int)((Alignment - (start % Alignment)) % Alignment);
        uint crc = Crc32(data);
        _writer.Write(0x04034b50);
        WriteCommon(crc, data.Length, nameBytes.Length, 4 + padding);
        _writer.Write(nameBytes);
        _writer.Write(PaddingExtra);
        _writer.Write((ushort)padding);
        _writer.Write(new byte[padding]);
        _writer.Write(data);
        _entries.Add((name, crc, data.Length, header));
    }

    public void Finish()
    {
        long start = stream.Position;
        foreach ((string name, uint crc, int size, long header) in _entries)
        {
            byte[] nameBytes = Encoding.UTF8.GetBytes(name);
            _writer.Write(0x02014b50);
            _writer.Write((ushort)20);
            WriteCommon(crc, size, nameBytes.Length, 0);
            _writer.Write(new byte[10]); // comment length, disk, attributes
            _writer.Write((uint)header);
            _writer.Write(nameBytes);
        }
        uint directory = (uint)(stream.Position - start);
        _writer.Write(0x06054b50);
        _writer.Write(0);
        _writer.Write((ushort)_entries.Count);
        _writer.Write((ushort)_entries.Count);
        _writer.Write(directory);
        _writer.Write((uint)start);
        _writer.Write((ushort)0);
        _writer.Flush();
    }

    public void Dispose() => _writer.Dispose();

    private void WriteCommon(uint crc, int size, int nameLength, int extraLength)
    {
        _writer.Write((ushort)20);
        _writer.Write(Utf8Names);
        _writer.Write((ushort)0); // stored
        _writer.Write(0x00210000); // 1 January 1980
        _writer.Write(crc);
        _writer.Write(size);
        _writer.Write(size);
        _writer.Write((ushort)nameLength);
        _writer.Write((ushort)extraLength);
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
            crc = (crc >> 8) ^ CrcTable[(byte)(crc ^ b)];
        return ~crc;
    }

    private static uint CrcOfByte(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
        return value;
    }
}
