using System.Device.Gpio;
using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Gpio;

/// <summary>An output line over any <see cref="GpioController"/>; opened at its safe level, and left at it.</summary>
internal sealed class GpioOutputLine : IOutputLine
{
    private readonly GpioController _controller;
    private readonly int _pin;
    private readonly bool _inverted;
    private readonly bool _safe;

    /// <summary>Opens the line.</summary>
    /// <param name="controller">Its controller.</param>
    /// <param name="pin">Its pin there.</param>
    /// <param name="options">Its options.</param>
    /// <param name="inverted">Undo active-low wiring here; our driver's kernel does it itself.</param>
    public GpioOutputLine(GpioController controller, int pin, OutputLineOptions options, bool inverted)
    {
        _controller = controller;
        _pin = pin;
        _inverted = inverted;
        _safe = options.SafeActive;
        Name = options.Name;
        controller.OpenPin(pin, PinMode.Output, Level(_safe));
    }

    public string Name { get; }

    public void Set(bool active) => _controller.Write(_pin, Level(active));

    public void Dispose()
    {
        if (!_controller.IsPinOpen(_pin))
            return;
        Set(_safe);
        _controller.ClosePin(_pin);
    }

    private PinValue Level(bool active) => active != _inverted ? PinValue.High : PinValue.Low;
}
