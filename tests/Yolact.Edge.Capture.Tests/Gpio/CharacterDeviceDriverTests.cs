using System.Collections.Concurrent;
using System.Device.Gpio;
using Yolact.Edge.Capture.Gpio;

namespace Yolact.Edge.Capture.Tests.Gpio;

public class CharacterDeviceDriverTests
{
    private static readonly InputLineOptions Barrier = new() { Name = "barrier", Chip = "tegra234-gpio", Line = "PAC.06", Bias = LineBias.PullUp, ActiveLow = true };
    private static readonly OutputLineOptions Reject = new() { Name = "reject", Line = "PH.00", SafeActive = true };
    private readonly SimulatedGpioKernel _kernel = new();

    public CharacterDeviceDriverTests()
    {
        _kernel.Add("/dev/gpiochip0", "tegra234-gpio-aon", "PAA.00", "PH.00");
        _kernel.Add("/dev/gpiochip1", "tegra234-gpio", "PA.00", "PAC.06", "PR.04");
    }

    [Fact]
    public void Lines_are_found_by_label_and_name_and_opened_with_all_their_options()
    {
        using var controller = new GpioController(new CharacterDeviceDriver([Barrier, Reject], _kernel));
        controller.OpenPin(0, PinMode.InputPullUp);
        controller.OpenPin(1, PinMode.Output);
        SimulatedGpioKernel.TakenLine barrier = _kernel.Line("tegra234-gpio", 1);
        Assert.Equal(GpioUapi.FlagInput | GpioUapi.FlagEdgeRising | GpioUapi.FlagEdgeFalling | GpioUapi.FlagBiasPullUp | GpioUapi.FlagActiveLow, barrier.Flags);
        Assert.Equal(("yolact-edge", 1024u), (barrier.Consumer, barrier.BufferSize));
        SimulatedGpioKernel.TakenLine reject = _kernel.Line("tegra234-gpio-aon", 1);
        Assert.Equal(GpioUapi.FlagOutput, reject.Flags);
        Assert.Equal([true], reject.Written);
    }

    [Fact]
    public void Levels_are_logical()
    {
        using var controller = new GpioController(new CharacterDeviceDriver([Barrier, Reject], _kernel));
        controller.OpenPin(0);
        Assert.Equal(PinValue.High, controller.Read(0));
        _kernel.Drive(_kernel.Line("tegra234-gpio", 1), high: true, 1);
        Assert.Equal(PinValue.Low, controller.Read(0));
        controller.OpenPin(1, PinMode.Output);
        controller.Write(1, PinValue.Low);
        Assert.False(_kernel.Line("tegra234-gpio-aon", 1).PhysicalHigh);
    }

    [Theory]
    [InlineData("tegra234-gpio", "PZ.99", "There is no GPIO line PZ.99 on tegra234-gpio")]
    [InlineData("no-such-chip", "PA.00", "tegra234-gpio-aon, tegra234-gpio")]
    public void A_line_that_is_not_there_is_an_error_that_says_what_is(string chip, string line, string expected)
    {
        IOException error = Assert.Throws<IOException>(() => new CharacterDeviceDriver([Barrier with { Chip = chip, Line = line }], _kernel));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _kernel.OpenFiles);
    }

    [Fact]
    public void A_name_on_two_chips_needs_the_label()
    {
        _kernel.Add("/dev/gpiochip2", "copy", "PH.00");
        Assert.Contains("label", Assert.Throws<IOException>(() => new CharacterDeviceDriver([Reject], _kernel)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_another_program_holds_is_an_error_that_names_it()
    {
        using var first = new GpioController(new CharacterDeviceDriver([Barrier], _kernel));
        first.OpenPin(0);
        using var second = new GpioController(new CharacterDeviceDriver([Barrier], _kernel));
        Assert.Contains("busy (barrier: PAC.06", Assert.Throws<IOException>(() => second.OpenPin(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_edge_comes_with_the_kernels_time_and_number_and_lost_ones_are_counted()
    {
        const int buffer = 64;
        var driver = new CharacterDeviceDriver([Barrier with { BufferSize = buffer, ActiveLow = false }], _kernel);
        using var controller = new GpioController(driver);
        controller.OpenPin(0);
        SimulatedGpioKernel.TakenLine line = _kernel.Line("tegra234-gpio", 1);
        // Nobody reads yet: the buffer holds 64 of these 80.
        for (int i = 1; i <= 80; i++)
            _kernel.Drive(line, i % 2 == 1, i * 1000);
        using var all = new CountdownEvent(buffer + 2);
        var seen = new ConcurrentQueue<TimedPinEventArgs>();
        controller.RegisterCallbackForPinValueChangedEvent(0, PinEventTypes.Rising | PinEventTypes.Falling, (_, change) =>
        {
            seen.Enqueue((TimedPinEventArgs)change);
            all.Signal();
        });
        SpinWait.SpinUntil(() => seen.Count >= buffer, TimeSpan.FromSeconds(30));
        _kernel.Drive(line, true, 81_000);
        _kernel.Drive(line, false, 82_000);
        Assert.True(all.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal([.. Enumerable.Range(1, 64), 81, 82], seen.Select(e => (int)e.Sequence));
        Assert.Equal(seen.Select(e => e.Sequence * 1000), seen.Select(e => e.Time.Nanoseconds));
        Assert.Equal([PinEventTypes.Rising, PinEventTypes.Falling], seen.Take(2).Select(e => e.ChangeType));
        Assert.Equal(16, driver.LostEvents);
    }

    [Fact]
    public async Task An_exception_in_a_callback_does_not_end_the_events()
    {
        var driver = new CharacterDeviceDriver([Barrier], _kernel);
        var failures = new ConcurrentQueue<Exception>();
        driver.Failed += failures.Enqueue;
        using var controller = new GpioController(driver);
        controller.OpenPin(0);
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int count = 0;
        controller.RegisterCallbackForPinValueChangedEvent(0, PinEventTypes.Rising | PinEventTypes.Falling, (_, _) =>
        {
            if (++count == 1)
                throw new InvalidOperationException("a bug in a handler");
            second.SetResult();
        });
        _kernel.Drive(_kernel.Line("tegra234-gpio", 1), true, 1);
        _kernel.Drive(_kernel.Line("tegra234-gpio", 1), false, 2);
        await second.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("a bug in a handler", Assert.Single(failures).Message);
        Assert.Equal(1, driver.Failures);
    }

    [Fact]
    public async Task A_chip_that_goes_away_is_told()
    {
        var driver = new CharacterDeviceDriver([Barrier], _kernel);
        var failed = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        driver.Failed += failed.SetResult;
        using var controller = new GpioController(driver);
        controller.OpenPin(0);
        controller.RegisterCallbackForPinValueChangedEvent(0, PinEventTypes.Rising, (_, _) => { });
        _kernel.Unplug(_kernel.Line("tegra234-gpio", 1));
        Assert.IsType<IOException>(await failed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Only_the_asked_for_direction_is_told_and_waiting_sees_it()
    {
        using var controller = new GpioController(new CharacterDeviceDriver([Barrier with { ActiveLow = false }], _kernel));
        controller.OpenPin(0);
        SimulatedGpioKernel.TakenLine line = _kernel.Line("tegra234-gpio", 1);
        _kernel.Drive(line, true, 1);
        _kernel.Drive(line, false, 2);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Assert.Equal(PinEventTypes.Falling, controller.WaitForEvent(0, PinEventTypes.Falling, patience.Token).EventTypes);
        using var none = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.True(controller.WaitForEvent(0, PinEventTypes.Falling, none.Token).TimedOut);
    }

    [Fact]
    public void Options_that_were_fixed_cannot_be_changed()
    {
        using var controller = new GpioController(new CharacterDeviceDriver([Barrier, Reject], _kernel));
        Assert.Throws<InvalidOperationException>(() => controller.OpenPin(0, PinMode.Output));
        controller.OpenPin(1, PinMode.Output);
        Assert.Throws<InvalidOperationException>(() => controller.RegisterCallbackForPinValueChangedEvent(1, PinEventTypes.Rising, (_, _) => { }));
    }

    [Fact]
    public void Disposing_gives_every_file_back()
    {
        using (var controller = new GpioController(new CharacterDeviceDriver([Barrier, Reject], _kernel)))
        {
            controller.OpenPin(0);
            controller.OpenPin(1);
            controller.RegisterCallbackForPinValueChangedEvent(0, PinEventTypes.Rising, (_, _) => { });
            Assert.Equal(3, _kernel.OpenFiles);
        }
        Assert.Equal(0, _kernel.OpenFiles);
    }
}
