namespace Yolact.Edge.Capture.Gpio;

/// <summary>Who talks to the GPIO chips.</summary>
public enum GpioDriverKind
{
    /// <summary>Nobody: there are no lines.</summary>
    None,

    /// <summary>The belt's simulated lines.</summary>
    Belt,

    /// <summary>Our driver on the kernel's character device: kernel times, sequence numbers, 1,024 events of buffer.</summary>
    CharacterDevice,

    /// <summary>System.Device.Gpio's libgpiod driver: edges are stamped when they are seen, and fast ones are lost.</summary>
    Libgpiod,

    /// <summary>A port expander through Iot.Device.Bindings, in builds that hold it.</summary>
    Expander,
}

/// <summary>Pull resistor of an input.</summary>
public enum LineBias
{
    /// <summary>As the board set it up.</summary>
    AsIs,

    /// <summary>None.</summary>
    Disabled,

    /// <summary>Pulled up.</summary>
    PullUp,

    /// <summary>Pulled down.</summary>
    PullDown,
}

/// <summary>How an output drives its line.</summary>
public enum LineDrive
{
    /// <summary>Both ways.</summary>
    PushPull,

    /// <summary>Low, or not at all.</summary>
    OpenDrain,

    /// <summary>High, or not at all.</summary>
    OpenSource,
}

/// <summary>The GPIO lines of the appliance.</summary>
public sealed record GpioOptions
{
    /// <summary>Default: the belt's.</summary>
    public GpioDriverKind Driver { get; init; } = GpioDriverKind.Belt;

    /// <summary>The expander; driver <c>expander</c> only.</summary>
    public ExpanderOptions? Expander { get; init; }

    /// <summary>Driver <c>belt</c>: a file that holds the levels of the output lines, as a chip would, beyond the end of the program. Null (the
    /// default): no file.</summary>
    public string? LevelFile { get; init; }

    /// <summary>Input lines.</summary>
    public IReadOnlyList<InputLineOptions> Inputs { get; init; } = [];

    /// <summary>Output lines.</summary>
    public IReadOnlyList<OutputLineOptions> Outputs { get; init; } = [];
}

/// <summary>A port expander.</summary>
public sealed record ExpanderOptions
{
    /// <summary>I2C bus number, 0..255.</summary>
    public int Bus { get; init; } = 1;

    /// <summary>I2C address, 3..119. Default 32 (0x20).</summary>
    public int Address { get; init; } = 0x20;
}

/// <summary>Where a line is.</summary>
public abstract record LineOptions
{
    private protected LineOptions()
    {
    }

    /// <summary>Name in this configuration: 1 to 64 lower-case letters, digits, '_' or '-'.</summary>
    public string Name { get; init; } = "";

    /// <summary>The chip's label: <c>tegra234-gpio</c>. Null: the one chip that has a line of that name.</summary>
    public string? Chip { get; init; }

    /// <summary>The line's name in the kernel: <c>PAC.06</c>.</summary>
    public string? Line { get; init; }

    /// <summary>For lines without a name: the line's number on its chip (or on the expander), 0..65535.</summary>
    public int? Offset { get; init; }

    /// <summary>The line is active when it is low. Default false.</summary>
    public bool ActiveLow { get; init; }
}

/// <summary>An input line.</summary>
public sealed record InputLineOptions : LineOptions
{
    /// <summary>Pull resistor. Default: as the board set it up.</summary>
    public LineBias Bias { get; init; }

    /// <summary>Edges that the kernel keeps while we are busy, 16..65536. Default 1024.</summary>
    public int BufferSize { get; init; } = 1024;
}

/// <summary>An output line.</summary>
public sealed record OutputLineOptions : LineOptions
{
    /// <summary>How it drives. Default both ways.</summary>
    public LineDrive Drive { get; init; }

    /// <summary>The level (true: active) before start, after stop and after a crash. Default inactive.</summary>
    public bool SafeActive { get; init; }
}
