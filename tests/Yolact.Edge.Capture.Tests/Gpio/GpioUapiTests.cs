using System.Runtime.CompilerServices;
using Yolact.Edge.Capture.Gpio;

namespace Yolact.Edge.Capture.Tests.Gpio;

/// <summary>Against the numbers that a C compiler gives for linux/gpio.h.</summary>
public class GpioUapiTests
{
    [Fact]
    public void Structures_have_the_kernels_sizes()
    {
        Assert.Equal(68, Unsafe.SizeOf<GpioUapi.ChipInfo>());
        Assert.Equal(16, Unsafe.SizeOf<GpioUapi.LineValues>());
        Assert.Equal(24, Unsafe.SizeOf<GpioUapi.ConfigAttribute>());
        Assert.Equal(272, Unsafe.SizeOf<GpioUapi.LineConfig>());
        Assert.Equal(592, Unsafe.SizeOf<GpioUapi.LineRequest>());
        Assert.Equal(256, Unsafe.SizeOf<GpioUapi.LineInfo>());
        Assert.Equal(48, Unsafe.SizeOf<GpioUapi.LineEventRecord>());
    }

    [Fact]
    public void Requests_have_the_kernels_numbers()
    {
        Assert.Equal(0x8044B401u, GpioUapi.GetChipInfo);
        Assert.Equal(0xC100B405u, GpioUapi.GetLineInfo);
        Assert.Equal(0xC250B407u, GpioUapi.GetLine);
        Assert.Equal(0xC010B40Eu, GpioUapi.GetValues);
        Assert.Equal(0xC010B40Fu, GpioUapi.SetValues);
    }

    [Fact]
    public void Fields_lie_where_the_kernel_looks_for_them()
    {
        var request = new GpioUapi.LineRequest();
        ref byte start = ref Unsafe.As<GpioUapi.LineRequest, byte>(ref request);
        Assert.Equal(256, Offset(ref start, ref Unsafe.As<GpioUapi.Name, byte>(ref request.Consumer)));
        Assert.Equal(288, Offset(ref start, ref Unsafe.As<ulong, byte>(ref request.Config.Flags)));
        Assert.Equal(320, Offset(ref start, ref Unsafe.As<GpioUapi.ConfigAttributes, byte>(ref request.Config.Attributes)));
        Assert.Equal(560, Offset(ref start, ref Unsafe.As<uint, byte>(ref request.LineCount)));
        Assert.Equal(588, Offset(ref start, ref Unsafe.As<int, byte>(ref request.File)));
        var info = new GpioUapi.LineInfo();
        Assert.Equal(72, Offset(ref Unsafe.As<GpioUapi.LineInfo, byte>(ref info), ref Unsafe.As<ulong, byte>(ref info.Flags)));

        static int Offset(ref byte start, ref byte field) => (int)Unsafe.ByteOffset(ref start, ref field);
    }
}
