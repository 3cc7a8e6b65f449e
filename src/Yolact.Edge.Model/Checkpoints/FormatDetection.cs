using System.Buffers.Binary;
using System.Text;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>Tells a file's format by its first bytes.</summary>
internal static class FormatDetection
{
    private const byte PickleProtocol = 0x80;

    public static CheckpointFormat Detect(CheckpointFile file)
    {
        Span<byte> buffer = stackalloc byte[64];
        Span<byte> head = buffer[..(int)Math.Min(file.Length, buffer.Length)];
        file.Read(0, head);
        if (head.StartsWith("PK"u8))
            return CheckpointFormat.PyTorchZip;
        if (head[0] == PickleProtocol)
            return CheckpointFormat.PyTorchLegacy;
        if (head.Length > 8 && head[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) <= (ulong)file.Length - 8)
            return CheckpointFormat.Safetensors;
        throw file.Error("is no checkpoint: neither PyTorch's zip format, nor its older stream of pickles, nor safetensors" + Hint(head));
    }

    private static string Hint(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("version https://git-lfs"u8))
            return "; it is a Git LFS pointer, the file itself has yet to be fetched";
        if (head.StartsWith("\x1f\x8b"u8) || head.StartsWith("ustar"u8))
            return "; it is a compressed archive, unpack it first";
        if (head[0] == '<')
            return "; it is a web page, so the download went wrong";
        foreach (byte b in head)
        {
            if (b is (< 0x20 or > 0x7e) and not (0x09 or 0x0a or 0x0d))
                return "";
        }
        return $"; it is text that begins with \"{Encoding.ASCII.GetString(head[..Math.Min(head.Length, 24)]).ReplaceLineEndings(" ")}\"";
    }
}
