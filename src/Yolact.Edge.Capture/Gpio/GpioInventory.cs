namespace Yolact.Edge.Capture.Gpio;

/// <summary>Lists what GPIO there is, without taking a line.</summary>
public static class GpioInventory
{
    /// <summary>All chips of this machine with their lines.</summary>
    /// <exception cref="IOException">A chip cannot be opened or asked; says why.</exception>
    public static IReadOnlyList<GpioChip> Read() => Read(new LinuxGpioKernel());

    internal static IReadOnlyList<GpioChip> Read(IGpioKernel kernel)
    {
        var chips = new List<GpioChip>();
        foreach (string path in kernel.Chips())
        {
            int chip = kernel.Open(path);
            try
            {
                var info = new GpioUapi.ChipInfo();
                kernel.GetChipInfo(chip, ref info);
                var lines = new GpioChipLine[info.Lines];
                for (uint offset = 0; offset < info.Lines; offset++)
                {
                    var line = new GpioUapi.LineInfo { Offset = offset };
                    kernel.GetLineInfo(chip, ref line);
                    lines[offset] = new((int)offset, GpioUapi.Text(line.Name), (line.Flags & GpioUapi.FlagUsed) != 0,
                        GpioUapi.Text(line.Consumer));
                }
                chips.Add(new(path, GpioUapi.Text(info.Label), lines));
            }
            finally
            {
                kernel.Close(chip);
            }
        }
        return chips;
    }
}

/// <summary>A GPIO chip.</summary>
/// <param name="Path">Its device node.</param>
/// <param name="Label">What the kernel calls it, such as <c>tegra234-gpio</c>.</param>
/// <param name="Lines">Its lines in order.</param>
public sealed record GpioChip(string Path, string Label, IReadOnlyList<GpioChipLine> Lines);

/// <summary>A line of a chip.</summary>
/// <param name="Offset">Its number on the chip.</param>
/// <param name="Name">Such as <c>PAC.06</c>; empty where it has none.</param>
/// <param name="IsUsed">A program or driver holds it.</param>
/// <param name="Consumer">What that calls itself; empty where it is not known.</param>
public sealed record GpioChipLine(int Offset, string Name, bool IsUsed, string Consumer);
