using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using System.Globalization;
using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Gpio;

/// <summary>The appliance's GPIO lines, open and ready, by name.</summary>
public sealed class GpioLines : IDisposable
{
    private readonly Dictionary<string, GpioController> _controllers = [];
    private readonly Dictionary<string, IInputLine> _inputs = [];
    private readonly Dictionary<string, IOutputLine> _outputs = [];

    private GpioLines()
    {
    }

    /// <summary>Input lines by name.</summary>
    public IReadOnlyDictionary<string, IInputLine> Inputs => _inputs;

    /// <summary>Output lines by name; at their safe levels when opened.</summary>
    public IReadOnlyDictionary<string, IOutputLine> Outputs => _outputs;

    /// <summary>The character-device driver, for its counters; null with another.</summary>
    public CharacterDeviceDriver? Driver { get; private set; }

    /// <summary>Opens all lines.</summary>
    /// <param name="options">Valid options with a driver of the real world (not <c>none</c> or <c>belt</c>).</param>
    /// <param name="clock">Stamps the edges of drivers that do not.</param>
    /// <exception cref="IOException">A line does not exist, is held by another program, or may not be opened.</exception>
    /// <exception cref="NotSupportedException">This build or machine lacks the driver; says what to do.</exception>
    public static GpioLines Open(GpioOptions options, TimeProvider clock) => Open(options, clock, new LinuxGpioKernel());

    internal static GpioLines Open(GpioOptions options, TimeProvider clock, IGpioKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        var lines = new GpioLines();
        try
        {
            Func<LineOptions, (GpioController Controller, int Pin)> place = options.Driver switch
            {
                GpioDriverKind.CharacterDevice => lines.OnCharacterDevice(options, kernel),
                GpioDriverKind.Libgpiod => line => lines.OnLibgpiod(line, kernel),
                GpioDriverKind.Expander => lines.OnExpander(options.Expander ?? new()),
                _ => throw new NotSupportedException($"GPIO driver {options.Driver} opens no lines of this machine"),
            };
            // The kernel undoes active-low wiring for our own driver.
            bool undo = options.Driver != GpioDriverKind.CharacterDevice;
            // Outputs first: they are safe before anything can happen.
            foreach (OutputLineOptions output in options.Outputs)
            {
                (GpioController controller, int pin) = place(output);
                lines._outputs.Add(output.Name, new GpioOutputLine(controller, pin, output, undo && output.ActiveLow));
            }
            foreach (InputLineOptions input in options.Inputs)
            {
                (GpioController controller, int pin) = place(input);
                lines._inputs.Add(input.Name, new GpioInputLine(controller, pin, input, undo && input.ActiveLow, clock));
            }
            return lines;
        }
        catch
        {
            lines.Dispose();
            throw;
        }
    }

    /// <summary>Sets outputs safe and gives all lines back.</summary>
    public void Dispose()
    {
        foreach (IInputLine input in _inputs.Values)
            input.Dispose();
        foreach (IOutputLine output in _outputs.Values)
            output.Dispose();
        foreach (GpioController controller in _controllers.Values)
            controller.Dispose();
        _inputs.Clear();
        _outputs.Clear();
        _controllers.Clear();
    }

    private Func<LineOptions, (GpioController, int)> OnCharacterDevice(GpioOptions options, IGpioKernel kernel)
    {
        List<LineOptions> all = [.. options.Outputs, .. options.Inputs];
        Driver = new(all, kernel);
        var controller = new GpioController(Driver);
        _controllers.Add("", controller);
        return line => (controller, all.FindIndex(l => l.Name == line.Name));
    }

    private (GpioController, int) OnLibgpiod(LineOptions line, IGpioKernel kernel)
    {
        (string path, uint offset) = ChipMap.Find(kernel, line);
        if (!_controllers.TryGetValue(path, out GpioController? controller))
        {
            int number = int.Parse(path.AsSpan(path.LastIndexOf("gpiochip", StringComparison.Ordinal) + "gpiochip".Length), CultureInfo.InvariantCulture);
            try
            {
                controller = new GpioController(new LibGpiodDriver(number));
            }
            catch (Exception error) when (error is DllNotFoundException or PlatformNotSupportedException)
            {
                throw new NotSupportedException("libgpiod 1.x is not installed (apt install libgpiod2); or set gpio.driver to character_device.", error);
            }
            _controllers.Add(path, controller);
        }
        return (controller, (int)offset);
    }

    private Func<LineOptions, (GpioController, int)> OnExpander(ExpanderOptions options)
    {
#if IOT_DEVICE_BINDINGS
        var controller = new GpioController(Expanders.Mcp23017Driver.Open(options));
        _controllers.Add("", controller);
        return line => (controller, line.Offset!.Value);
#else
        throw new NotSupportedException(
            $"This build cannot drive the port expander at I2C bus {options.Bus}, address {options.Address}: build with -p:UseIotDeviceBindings=true.");
#endif
    }
}
