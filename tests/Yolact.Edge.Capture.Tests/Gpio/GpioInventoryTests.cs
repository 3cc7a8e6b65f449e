using Yolact.Edge.Capture.Gpio;

namespace Yolact.Edge.Capture.Tests.Gpio;

public sealed class GpioInventoryTests
{
    [Fact]
    public void Every_chip_and_line_is_listed_and_nothing_stays_open()
    {
        var kernel = new SimulatedGpioKernel();
        kernel.Add("/dev/gpiochip0", "tegra234-gpio", "PQ.05", "PQ.06");
        kernel.Add("/dev/gpiochip1", "tegra234-gpio-aon", "PAA.00");
        IReadOnlyList<GpioChip> chips = GpioInventory.Read(kernel);
        Assert.Equal(["tegra234-gpio", "tegra234-gpio-aon"], chips.Select(chip => chip.Label));
        Assert.Equal([new GpioChipLine(0, "PQ.05", false, ""), new GpioChipLine(1, "PQ.06", false, "")], chips[0].Lines);
        Assert.Equal(0, kernel.OpenFiles);
    }

    [Fact]
    public void A_machine_without_chips_has_none() => Assert.Empty(GpioInventory.Read(new SimulatedGpioKernel()));
}
