using System.Collections.Concurrent;
using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Tests.Gpio;

public class GpioLinesTests
{
    private static readonly GpioOptions Options = new()
    {
        Driver = GpioDriverKind.CharacterDevice,
        Inputs = [new() { Name = "barrier", Line = "IN", ActiveLow = true }],
        Outputs = [new() { Name = "reject", Line = "OUT", SafeActive = true }, new() { Name = "busy", Line = "BUSY" }],
    };

    private readonly SimulatedGpioKernel _kernel = new();

    public GpioLinesTests() => _kernel.Add("/dev/gpiochip0", "chip", "OUT", "IN", "BUSY");

    [Fact]
    public void Lines_open_by_name_safe_outputs_first_and_close_safe()
    {
        GpioLines lines = GpioLines.Open(Options, TimeProvider.System, _kernel);
        SimulatedGpioKernel.TakenLine reject = _kernel.Line("chip", 0);
        lines.Outputs["reject"].Set(false);
        Assert.False(reject.PhysicalHigh);
        lines.Dispose();
        Assert.True(reject.PhysicalHigh);
        Assert.Equal(0, _kernel.OpenFiles);
    }

    [Fact]
    public async Task An_input_tells_edges_with_kernel_times_even_after_a_handler_failed()
    {
        using GpioLines lines = GpioLines.Open(Options, TimeProvider.System, _kernel);
        var seen = new ConcurrentQueue<LineEvent>();
        var two = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lines.Inputs["barrier"].Changed += change =>
        {
            seen.Enqueue(change);
            if (seen.Count == 1)
                throw new InvalidOperationException();
            two.SetResult();
        };
        SimulatedGpioKernel.TakenLine line = _kernel.Line("chip", 1);
        Assert.True(lines.Inputs["barrier"].IsActive);
        _kernel.Drive(line, true, 100);
        _kernel.Drive(line, false, 200);
        await two.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal([new(new(100), LineEdge.Falling, 1), new LineEvent(new(200), LineEdge.Rising, 2)], seen);
    }

    [Fact]
    public void When_one_line_is_missing_none_stays_open()
    {
        GpioOptions options = Options with { Inputs = [new() { Name = "barrier", Line = "NONE" }] };
        Assert.Throws<IOException>(() => GpioLines.Open(options, TimeProvider.System, _kernel));
        Assert.Equal(0, _kernel.OpenFiles);
    }

    [Fact]
    public void An_expander_needs_a_build_that_holds_its_driver()
    {
        GpioOptions options = new() { Driver = GpioDriverKind.Expander, Outputs = [new() { Name = "reject", Offset = 3 }] };
        Assert.Contains("UseIotDeviceBindings", Assert.Throws<NotSupportedException>(() => GpioLines.Open(options, TimeProvider.System, _kernel)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_of_the_options_is_reported_with_its_pointer()
    {
        var options = new GpioOptions
        {
            Driver = GpioDriverKind.CharacterDevice,
            Inputs = [new() { Name = "a", Line = "X", BufferSize = 1 }, new() { Name = "A b", Offset = 3 }, null!],
            Outputs = [new() { Name = "a" }],
        };
        var pointers = new List<string>();
        GpioOptionsValidator.Validate(options, "/gpio", (pointer, _) => pointers.Add(pointer));
        Assert.Equal(["/gpio/inputs/0/buffer_size", "/gpio/inputs/1/chip", "/gpio/inputs/1/name", "/gpio/inputs/2", "/gpio/outputs/0/line", "/gpio/outputs/0/name"],
            pointers.Order(StringComparer.Ordinal));
    }

    // Most machines have none: then the listing is empty. A machine with chips has each of them asked.
    [Fact]
    public void The_machines_own_chips_can_be_listed()
    {
        var kernel = new LinuxGpioKernel();
        IReadOnlyList<string> chips = kernel.Chips();
        Assert.Equal(Directory.GetFiles("/dev", "gpiochip*").Length, chips.Count);
        foreach (string path in chips)
        {
            int chip = kernel.Open(path);
            var info = new GpioUapi.ChipInfo();
            kernel.GetChipInfo(chip, ref info);
            var line = new GpioUapi.LineInfo();
            kernel.GetLineInfo(chip, ref line);
            kernel.Close(chip);
            Assert.True(info.Lines > 0);
        }
    }
}
