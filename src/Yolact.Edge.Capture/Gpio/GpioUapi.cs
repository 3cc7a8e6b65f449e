using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Yolact.Edge.Capture.Gpio;

/// <summary>
/// The Linux GPIO character device, version 2 (kernel documentation, "GPIO Character Device Userspace API", since Linux 5.10): structures,
/// flags and request numbers. Layouts are the kernel's on every architecture, and their sizes are part of the request numbers.
/// </summary>
internal static class GpioUapi
{
    public const int NameLength = 32;
    public const int MaxLines = 64;
    public const int MaxAttributes = 10;

    public const ulong FlagUsed = 1 << 0;
    public const ulong FlagActiveLow = 1 << 1;
    public const ulong FlagInput = 1 << 2;
    public const ulong FlagOutput = 1 << 3;
    public const ulong FlagEdgeRising = 1 << 4;
    public const ulong FlagEdgeFalling = 1 << 5;
    public const ulong FlagOpenDrain = 1 << 6;
    public const ulong FlagOpenSource = 1 << 7;
    public const ulong FlagBiasPullUp = 1 << 8;
    public const ulong FlagBiasPullDown = 1 << 9;
    public const ulong FlagBiasDisabled = 1 << 10;

    public const uint AttributeOutputValues = 2;
    public const uint EventRising = 1;
    public const uint EventFalling = 2;

    /// <summary>GPIO_GET_CHIPINFO_IOCTL: _IOR(0xB4, 0x01, gpiochip_info).</summary>
    public static readonly nuint GetChipInfo = Number(2, 0x01, Unsafe.SizeOf<ChipInfo>());

    /// <summary>GPIO_V2_GET_LINEINFO_IOCTL: _IOWR(0xB4, 0x05, gpio_v2_line_info).</summary>
    public static readonly nuint GetLineInfo = Number(3, 0x05, Unsafe.SizeOf<LineInfo>());

    /// <summary>GPIO_V2_GET_LINE_IOCTL: _IOWR(0xB4, 0x07, gpio_v2_line_request).</summary>
    public static readonly nuint GetLine = Number(3, 0x07, Unsafe.SizeOf<LineRequest>());

    /// <summary>GPIO_V2_LINE_GET_VALUES_IOCTL: _IOWR(0xB4, 0x0E, gpio_v2_line_values).</summary>
    public static readonly nuint GetValues = Number(3, 0x0E, Unsafe.SizeOf<LineValues>());

    /// <summary>GPIO_V2_LINE_SET_VALUES_IOCTL: _IOWR(0xB4, 0x0F, gpio_v2_line_values).</summary>
    public static readonly nuint SetValues = Number(3, 0x0F, Unsafe.SizeOf<LineValues>());

    // The kernel's _IOC: direction in bits 30 and 31, size in 16 to 29, type in 8 to 15, number in 0 to 7.
    private static nuint Number(uint direction, uint number, int size) => (direction << 30) | ((uint)size << 16) | (0xB4u << 8) | number;

    /// <summary>A text of the kernel: up to 31 bytes and a zero.</summary>
    public static string Text(ReadOnlySpan<byte> name) => System.Text.Encoding.UTF8.GetString(name[..(name.IndexOf((byte)0) is >= 0 and var end ? end : name.Length)]);

    /// <summary>struct gpiochip_info.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ChipInfo
    {
        public Name Name;
        public Name Label;
        public uint Lines;
    }

    /// <summary>struct gpio_v2_line_values.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LineValues
    {
        public ulong Bits;
        public ulong Mask;
    }

    /// <summary>struct gpio_v2_line_config_attribute, whose attribute's union is taken as 64 bits.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ConfigAttribute
    {
        public uint Id;
        public uint Padding;
        public ulong Value;
        public ulong Mask;
    }

    /// <summary>struct gpio_v2_line_config.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LineConfig
    {
        public ulong Flags;
        public uint AttributeCount;
        public Padding5 Padding;
        public ConfigAttributes Attributes;
    }

    /// <summary>struct gpio_v2_line_request.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LineRequest
    {
        public Offsets Offsets;
        public Name Consumer;
        public LineConfig Config;
        public uint LineCount;
        public uint EventBufferSize;
        public Padding5 Padding;
        public int File;
    }

    /// <summary>struct gpio_v2_line_info.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LineInfo
    {
        public Name Name;
        public Name Consumer;
        public uint Offset;
        public uint AttributeCount;
        public ulong Flags;
        public LineAttributes Attributes;
        public Padding4 Padding;
    }

    /// <summary>struct gpio_v2_line_event.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LineEventRecord
    {
        public ulong TimestampNanoseconds;
        public uint Id;
        public uint Offset;
        public uint Sequence;
        public uint LineSequence;
        public Padding6 Padding;
    }

    [InlineArray(NameLength)]
    public struct Name
    {
        private byte _first;
    }

    [InlineArray(MaxLines)]
    public struct Offsets
    {
        private uint _first;
    }

    [InlineArray(MaxAttributes)]
    public struct ConfigAttributes
    {
        private ConfigAttribute _first;
    }

    /// <summary>Ten times gpio_v2_line_attribute (id, padding, 64-bit union) as pairs of 64 bits.</summary>
    [InlineArray(MaxAttributes * 2)]
    public struct LineAttributes
    {
        private ulong _first;
    }

    [InlineArray(4)]
    public struct Padding4
    {
        private uint _first;
    }

    [InlineArray(5)]
    public struct Padding5
    {
        private uint _first;
    }

    [InlineArray(6)]
    public struct Padding6
    {
        private uint _first;
    }
}
