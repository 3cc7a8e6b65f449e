using System.Device.Gpio;
using System.Text;

namespace Yolact.Edge.Capture.Gpio;

/// <summary>
/// A <see cref="GpioDriver"/> on the kernel's GPIO character device, version 2. Pins are the lines given at construction, numbered from 0
/// in their order; all options of a line (bias, polarity, edges, buffer, drive, first level) take effect together when its pin is
/// opened, so no moment passes in between. Events are <see cref="TimedPinEventArgs"/>.
/// </summary>
/// <remarks>Callbacks run on the line's own thread, in order. What one throws is counted and told to <see cref="Failed"/>; later events
/// still come.</remarks>
public sealed class CharacterDeviceDriver : GpioDriver
{
    private readonly IGpioKernel _kernel;
    private readonly Pin[] _pins;
    private readonly Lock _lock = new();
    private long _failures;
    private long _lost;

    private sealed class Pin(LineOptions options, string path, uint offset)
    {
        public LineOptions Options => options;

        public string Path => path;

        public uint Offset => offset;

        public int File { get; set; } = -1;

        public PinReader? Reader { get; set; }

        public PinChangeEventHandler? Rising { get; set; }

        public PinChangeEventHandler? Falling { get; set; }
    }

    /// <summary>A driver of these lines, which are looked up now and taken when they are opened.</summary>
    /// <param name="lines">The lines; a pin's number is its index here.</param>
    /// <exception cref="IOException">A chip or line does not exist.</exception>
    public CharacterDeviceDriver(IReadOnlyList<LineOptions> lines) : this(lines, new LinuxGpioKernel())
    {
    }

    internal CharacterDeviceDriver(IReadOnlyList<LineOptions> lines, IGpioKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(lines);
        _kernel = kernel;
        _pins = new Pin[lines.Count];
        for (int i = 0; i < _pins.Length; i++)
        {
            (string path, uint offset) = ChipMap.Find(kernel, lines[i]);
            _pins[i] = new(lines[i], path, offset);
        }
    }

    /// <summary>Told of exceptions in callbacks, and of lines that cannot be read any more; on the line's thread.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Exceptions in callbacks, and lines that ended.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Events that the kernel dropped since nobody read them in time.</summary>
    public long LostEvents => Interlocked.Read(ref _lost);

    /// <inheritdoc/>
    protected override int PinCount => _pins.Length;

    /// <inheritdoc/>
    protected override void OpenPin(int pinNumber)
    {
        Pin pin = Find(pinNumber);
        int chip = _kernel.Open(pin.Path);
        try
        {
            var request = new GpioUapi.LineRequest { LineCount = 1 };
            request.Offsets[0] = pin.Offset;
            Encoding.UTF8.GetBytes("yolact-edge", request.Consumer);
            request.Config.Flags = pin.Options.ActiveLow ? GpioUapi.FlagActiveLow : 0;
            if (pin.Options is OutputLineOptions output)
                Configure(ref request, output);
            else if (pin.Options is InputLineOptions input)
                Configure(ref request, input);
            _kernel.GetLine(chip, ref request);
            pin.File = request.File;
        }
        catch (IOException error)
        {
            throw new IOException($"{error.Message} ({pin.Options.Name}: {pin.Options.Line} on {pin.Path})", error);
        }
        finally
        {
            _kernel.Close(chip);
        }
    }

    /// <inheritdoc/>
    protected override void ClosePin(int pinNumber)
    {
        Pin pin = Find(pinNumber);
        pin.Reader?.Dispose();
        pin.Reader = null;
        (pin.Rising, pin.Falling) = (null, null);
        if (pin.File >= 0)
            _kernel.Close(pin.File);
        pin.File = -1;
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        if (!IsPinModeSupported(pinNumber, mode))
            throw new InvalidOperationException($"GPIO line {Find(pinNumber).Options.Name} was configured otherwise than {mode}; its options are fixed at construction.");
    }

    /// <inheritdoc/>
    protected override PinMode GetPinMode(int pinNumber) => Find(pinNumber).Options switch
    {
        OutputLineOptions => PinMode.Output,
        InputLineOptions { Bias: LineBias.PullUp } => PinMode.InputPullUp,
        InputLineOptions { Bias: LineBias.PullDown } => PinMode.InputPullDown,
        _ => PinMode.Input,
    };

    /// <inheritdoc/>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) =>
        mode == GetPinMode(pinNumber) || (mode == PinMode.Input && Find(pinNumber).Options is InputLineOptions);

    /// <inheritdoc/>
    protected override PinValue Read(int pinNumber)
    {
        var values = new GpioUapi.LineValues { Mask = 1 };
        _kernel.GetValues(Opened(pinNumber).File, ref values);
        return (values.Bits & 1) != 0 ? PinValue.High : PinValue.Low;
    }

    /// <inheritdoc/>
    protected override void Write(int pinNumber, PinValue value) =>
        _kernel.SetValues(Opened(pinNumber).File, new() { Mask = 1, Bits = value == PinValue.High ? 1u : 0 });

    /// <inheritdoc/>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        using var seen = new ManualResetEventSlim();
        PinEventTypes which = PinEventTypes.None;
        void Handle(object sender, PinValueChangedEventArgs change)
        {
            which = change.ChangeType;
            seen.Set();
        }
        AddCallbackForPinValueChangedEvent(pinNumber, eventTypes, Handle);
        try
        {
            seen.Wait(cancellationToken);
            return new() { EventTypes = which, TimedOut = false };
        }
        catch (OperationCanceledException)
        {
            return new() { EventTypes = PinEventTypes.None, TimedOut = true };
        }
        finally
        {
            RemoveCallbackForPinValueChangedEvent(pinNumber, Handle);
        }
    }

    /// <inheritdoc/>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        Pin pin = Opened(pinNumber);
        if (pin.Options is not InputLineOptions)
            throw new InvalidOperationException($"GPIO line {pin.Options.Name} is an output: it has no edges.");
        lock (_lock)
        {
            if (eventTypes.HasFlag(PinEventTypes.Rising))
                pin.Rising += callback;
            if (eventTypes.HasFlag(PinEventTypes.Falling))
                pin.Falling += callback;
            pin.Reader ??= new(_kernel, pinNumber, pin.File, args => Dispatch(pin, args), OnFailed);
        }
    }

    /// <inheritdoc/>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        Pin pin = Find(pinNumber);
        lock (_lock)
        {
            pin.Rising -= callback;
            pin.Falling -= callback;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        for (int i = 0; disposing && i < _pins.Length; i++)
            ClosePin(i);
        base.Dispose(disposing);
    }

    private static void Configure(ref GpioUapi.LineRequest request, InputLineOptions input)
    {
        request.EventBufferSize = (uint)input.BufferSize;
        request.Config.Flags |= GpioUapi.FlagInput | GpioUapi.FlagEdgeRising | GpioUapi.FlagEdgeFalling | input.Bias switch
        {
            LineBias.PullUp => GpioUapi.FlagBiasPullUp,
            LineBias.PullDown => GpioUapi.FlagBiasPullDown,
            LineBias.Disabled => GpioUapi.FlagBiasDisabled,
            _ => 0,
        };
    }

    private static void Configure(ref GpioUapi.LineRequest request, OutputLineOptions output)
    {
        request.Config.Flags |= GpioUapi.FlagOutput | output.Drive switch
        {
            LineDrive.OpenDrain => GpioUapi.FlagOpenDrain,
            LineDrive.OpenSource => GpioUapi.FlagOpenSource,
            _ => 0,
        };
        request.Config.AttributeCount = 1;
        request.Config.Attributes[0] = new() { Id = GpioUapi.AttributeOutputValues, Value = output.SafeActive ? 1u : 0, Mask = 1 };
    }

    private void Dispatch(Pin pin, TimedPinEventArgs change)
    {
        Interlocked.Add(ref _lost, change.Lost);
        (change.ChangeType == PinEventTypes.Rising ? pin.Rising : pin.Falling)?.Invoke(this, change);
    }

    private void OnFailed(Exception error)
    {
        Interlocked.Increment(ref _failures);
        Failed?.Invoke(error);
    }

    private Pin Find(int pinNumber)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)pinNumber, (uint)_pins.Length, nameof(pinNumber));
        return _pins[pinNumber];
    }

    private Pin Opened(int pinNumber) =>
        Find(pinNumber) is { File: >= 0 } pin ? pin : throw new InvalidOperationException($"GPIO pin {pinNumber} is not open");
}
