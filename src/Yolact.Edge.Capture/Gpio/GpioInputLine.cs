using System.Device.Gpio;
using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Gpio;

/// <summary>An input line over any <see cref="GpioController"/>. With our driver, edges carry the kernel's time and number; with others,
/// the time at which they are seen.</summary>
internal sealed class GpioInputLine : IInputLine
{
    private readonly GpioController _controller;
    private readonly int _pin;
    private readonly bool _inverted;
    private readonly TimeProvider _clock;
    private long _sequence;
    private long _failures;

    /// <summary>Opens the line.</summary>
    /// <param name="controller">Its controller.</param>
    /// <param name="pin">Its pin there.</param>
    /// <param name="options">Its options.</param>
    /// <param name="inverted">Undo active-low wiring here; our driver's kernel does it itself.</param>
    /// <param name="clock">Stamps the edges of drivers that do not.</param>
    public GpioInputLine(GpioController controller, int pin, InputLineOptions options, bool inverted, TimeProvider clock)
    {
        _controller = controller;
        _pin = pin;
        _inverted = inverted;
        _clock = clock;
        Name = options.Name;
        controller.OpenPin(pin, options.Bias switch
        {
            LineBias.PullUp => PinMode.InputPullUp,
            LineBias.PullDown => PinMode.InputPullDown,
            _ => PinMode.Input,
        });
        controller.RegisterCallbackForPinValueChangedEvent(pin, PinEventTypes.Rising | PinEventTypes.Falling, OnChanged);
    }

    public event Action<LineEvent>? Changed;

    public string Name { get; }

    public bool IsActive => _controller.Read(_pin) == PinValue.High != _inverted;

    /// <summary>Exceptions of handlers.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    public void Dispose()
    {
        if (!_controller.IsPinOpen(_pin))
            return;
        _controller.UnregisterCallbackForPinValueChangedEvent(_pin, OnChanged);
        _controller.ClosePin(_pin);
    }

    private void OnChanged(object sender, PinValueChangedEventArgs change)
    {
        LineEdge edge = change.ChangeType == PinEventTypes.Rising != _inverted ? LineEdge.Rising : LineEdge.Falling;
        LineEvent line = change is TimedPinEventArgs timed
            ? new(timed.Time, edge, timed.Sequence)
            : new(MonotonicTime.Now(_clock), edge, Interlocked.Increment(ref _sequence));
        try
        {
            Changed?.Invoke(line);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The stock driver would silently deliver nothing ever after.
            Interlocked.Increment(ref _failures);
        }
    }
}
