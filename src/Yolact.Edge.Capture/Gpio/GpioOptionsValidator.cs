namespace Yolact.Edge.Capture.Gpio;

/// <summary>Finds everything that is wrong with a <see cref="GpioOptions"/>.</summary>
public static class GpioOptionsValidator
{
    private const int MaxLines = 64;

    /// <summary>Reports everything that is wrong; which chips exist is not looked at.</summary>
    /// <param name="gpio">The options; members may be null where JSON said so.</param>
    /// <param name="pointer">JSON pointer of the options: <c>/gpio</c>.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public static void Validate(GpioOptions gpio, string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(gpio);
        ArgumentNullException.ThrowIfNull(report);
        if (!Enum.IsDefined(gpio.Driver))
            report($"{pointer}/driver", "none, belt, character_device, libgpiod or expander");
        if (gpio.Driver == GpioDriverKind.Expander)
            Expander(gpio.Expander ?? new(), pointer, report);
        if (gpio.LevelFile is not null && (gpio.Driver != GpioDriverKind.Belt || string.IsNullOrWhiteSpace(gpio.LevelFile)))
            report($"{pointer}/level_file", "the path of a file, and only with driver belt");
        var names = new HashSet<string>(StringComparer.Ordinal);
        Lines("inputs", gpio.Inputs);
        Lines("outputs", gpio.Outputs);

        void Lines(string member, IReadOnlyList<LineOptions>? lines)
        {
            if (lines is null || lines.Count > MaxLines)
            {
                report($"{pointer}/{member}", $"a list of at most {MaxLines} lines");
                return;
            }
            for (int i = 0; i < lines.Count; i++)
            {
                string at = $"{pointer}/{member}/{i}";
                if (lines[i] is not { } line)
                {
                    report(at, "a line, not null");
                    continue;
                }
                Line(line, gpio.Driver, at, report);
                if (!names.Add(line.Name ?? ""))
                    report($"{at}/name", $"a name of its own; there is another line called {line.Name}");
            }
        }
    }

    private static void Expander(ExpanderOptions expander, string pointer, Action<string, string> report)
    {
        if (expander.Bus is < 0 or > 255)
            report($"{pointer}/expander/bus", $"0 to 255, not {expander.Bus}");
        if (expander.Address is < 3 or > 119)
            report($"{pointer}/expander/address", $"3 to 119, not {expander.Address}");
    }

    private static void Line(LineOptions line, GpioDriverKind driver, string at, Action<string, string> report)
    {
        if (line.Name is not { Length: >= 1 and <= 64 } name || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-'))
            report($"{at}/name", "1 to 64 lower-case letters, digits, '_' or '-'");
        if (line.Offset is < 0 or > 65_535)
            report($"{at}/offset", $"0 to 65535, not {line.Offset}");
        if (driver is GpioDriverKind.CharacterDevice or GpioDriverKind.Libgpiod)
        {
            if (string.IsNullOrEmpty(line.Line) == line.Offset is null)
                report($"{at}/line", "the line's name in the kernel (gpioinfo lists them), or offset where it has none, but not both");
            if (line.Offset is not null && string.IsNullOrEmpty(line.Chip))
                report($"{at}/chip", "the chip's label (gpiodetect lists them), since an offset alone names no line");
        }
        else if (driver == GpioDriverKind.Expander && line.Offset is null)
        {
            report($"{at}/offset", "the expander's pin");
        }
        if (line is InputLineOptions input)
        {
            if (!Enum.IsDefined(input.Bias))
                report($"{at}/bias", "as_is, disabled, pull_up or pull_down");
            if (input.BufferSize is < 16 or > 65_536)
                report($"{at}/buffer_size", $"16 to 65536, not {input.BufferSize}");
        }
        else if (line is OutputLineOptions output && !Enum.IsDefined(output.Drive))
        {
            report($"{at}/drive", "push_pull, open_drain or open_source");
        }
    }
}
