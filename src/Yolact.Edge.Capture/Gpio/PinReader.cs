using System.Device.Gpio;

namespace Yolact.Edge.Capture.Gpio;

/// <summary>Reads one line's events on a thread of its own and hands them out. What a handler throws does not end it.</summary>
internal sealed class PinReader : IDisposable
{
    private const int Batch = 64;

    private readonly IGpioKernel _kernel;
    private readonly int _pin;
    private readonly int _line;
    private readonly int _wakeUp;
    private readonly Action<TimedPinEventArgs> _handler;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private volatile bool _disposed;

    public PinReader(IGpioKernel kernel, int pin, int line, Action<TimedPinEventArgs> handler, Action<Exception> failed)
    {
        _kernel = kernel;
        _pin = pin;
        _line = line;
        _handler = handler;
        _failed = failed;
        _wakeUp = kernel.CreateWakeUp();
        _thread = new(Run) { IsBackground = true, Name = $"gpio pin {pin}", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    public void Dispose()
    {
        _disposed = true;
        // From within a handler: the reader ends by itself when that returns.
        if (Thread.CurrentThread == _thread)
            return;
        _kernel.WakeUp(_wakeUp);
        _thread.Join();
        _kernel.Close(_wakeUp);
    }

    private void Run()
    {
        var events = new GpioUapi.LineEventRecord[Batch];
        // Numbers are 32 bits and begin at 1; ours go on beyond.
        long sequence = 0;
        try
        {
            while (!_disposed && _kernel.WaitForEvents(_line, _wakeUp))
            {
                int count = _kernel.ReadEvents(_line, events);
                for (int i = 0; i < count && !_disposed; i++)
                {
                    uint step = events[i].LineSequence - (uint)sequence;
                    sequence += step;
                    Hand(events[i], sequence, Math.Max(0, (long)step - 1));
                }
            }
        }
        catch (IOException error)
        {
            _failed(error);
        }
    }

    private void Hand(in GpioUapi.LineEventRecord record, long sequence, long lost)
    {
        PinEventTypes type = record.Id == GpioUapi.EventRising ? PinEventTypes.Rising : PinEventTypes.Falling;
        try
        {
            _handler(new(type, _pin, new((long)record.TimestampNanoseconds), sequence, lost));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _failed(error);
        }
    }
}
