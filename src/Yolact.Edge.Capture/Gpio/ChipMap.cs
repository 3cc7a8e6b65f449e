namespace Yolact.Edge.Capture.Gpio;

/// <summary>Finds lines by chip label and line name; numbers change between boards and kernels, names do not.</summary>
internal static class ChipMap
{
    /// <summary>Where a line is: device node and offset.</summary>
    /// <param name="kernel">The system.</param>
    /// <param name="line">Which line.</param>
    /// <exception cref="IOException">There is no such chip or line, or more than one; says which there are.</exception>
    public static (string Path, uint Offset) Find(IGpioKernel kernel, LineOptions line)
    {
        var found = new List<(string Path, uint Offset)>();
        var labels = new List<string>();
        foreach (string path in kernel.Chips())
        {
            int chip = kernel.Open(path);
            try
            {
                var info = new GpioUapi.ChipInfo();
                kernel.GetChipInfo(chip, ref info);
                string label = GpioUapi.Text(info.Label);
                labels.Add(label);
                if (line.Chip is not null && line.Chip != label)
                    continue;
                if (line.Offset is { } offset && offset < info.Lines)
                    found.Add((path, (uint)offset));
                else if (line.Offset is null)
                    found.AddRange(Named(kernel, chip, info.Lines, line.Line!).Select(o => (path, o)));
            }
            finally
            {
                kernel.Close(chip);
            }
        }
        string wanted = $"GPIO line {line.Line ?? $"number {line.Offset}"}{(line.Chip is null ? "" : $" on {line.Chip}")} ({line.Name})";
        return found.Count switch
        {
            1 => found[0],
            0 => throw new IOException($"There is no {wanted}. Chips here: {(labels.Count == 0 ? "none" : string.Join(", ", labels))}; gpioinfo lists their lines."),
            _ => throw new IOException($"There are {found.Count} lines that could be {wanted}: give the chip's label."),
        };
    }

    private static IEnumerable<uint> Named(IGpioKernel kernel, int chip, uint lines, string name)
    {
        for (uint offset = 0; offset < lines; offset++)
        {
            var info = new GpioUapi.LineInfo { Offset = offset };
            kernel.GetLineInfo(chip, ref info);
            if (GpioUapi.Text(info.Name) == name)
                yield return offset;
        }
    }
}
