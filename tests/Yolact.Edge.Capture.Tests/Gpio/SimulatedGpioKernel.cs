using System.Text;
using Yolact.Edge.Capture.Gpio;

namespace Yolact.Edge.Capture.Tests.Gpio;

/// <summary>The character device's twin: chips with named lines, buffers of bounded size, sequence numbers, and the kernel's refusals.</summary>
internal sealed class SimulatedGpioKernel : IGpioKernel
{
    private readonly object _lock = new();
    private readonly List<Chip> _chips = [];
    private readonly Dictionary<int, object> _files = [];
    private int _nextFile = 3;

    public sealed record Chip(string Path, string Label, string[] Lines);

    public sealed class TakenLine
    {
        public required string Chip { get; init; }

        public required uint Offset { get; init; }

        public required string Consumer { get; init; }

        public required ulong Flags { get; init; }

        public required uint BufferSize { get; init; }

        public bool PhysicalHigh { get; set; }

        public List<bool> Written { get; } = [];

        public Queue<GpioUapi.LineEventRecord> Events { get; } = [];

        public uint Sequence { get; set; }

        public bool Gone { get; set; }

        public bool ActiveLow => (Flags & GpioUapi.FlagActiveLow) != 0;
    }

    private sealed class Event
    {
        public bool Set { get; set; }
    }

    /// <summary>Files that are open now.</summary>
    public int OpenFiles
    {
        get
        {
            lock (_lock)
                return _files.Count;
        }
    }

    public void Add(string path, string label, params string[] lines) => _chips.Add(new(path, label, lines));

    public TakenLine Line(string chip, uint offset)
    {
        lock (_lock)
            return _files.Values.OfType<TakenLine>().Single(l => l.Chip == chip && l.Offset == offset);
    }

    /// <summary>A level changes on the wire; the event is lost where the buffer is full, and its number is gone with it.</summary>
    public void Drive(TakenLine line, bool high, long time)
    {
        lock (_lock)
        {
            if (line.PhysicalHigh == high)
                return;
            line.PhysicalHigh = high;
            line.Sequence++;
            if (line.Events.Count < line.BufferSize)
            {
                line.Events.Enqueue(new()
                {
                    TimestampNanoseconds = (ulong)time,
                    Id = high != line.ActiveLow ? GpioUapi.EventRising : GpioUapi.EventFalling,
                    Offset = line.Offset,
                    LineSequence = line.Sequence,
                });
            }
            Monitor.PulseAll(_lock);
        }
    }

    public void Unplug(TakenLine line)
    {
        lock (_lock)
        {
            line.Gone = true;
            Monitor.PulseAll(_lock);
        }
    }

    public IReadOnlyList<string> Chips() => [.. _chips.Select(c => c.Path)];

    public int Open(string path) => Add(_chips.Single(c => c.Path == path));

    public void GetChipInfo(int chip, ref GpioUapi.ChipInfo info)
    {
        Chip c = Get<Chip>(chip);
        Encoding.UTF8.GetBytes(c.Label, info.Label);
        info.Lines = (uint)c.Lines.Length;
    }

    public void GetLineInfo(int chip, ref GpioUapi.LineInfo info) => Encoding.UTF8.GetBytes(Get<Chip>(chip).Lines[info.Offset], info.Name);

    public void GetLine(int chip, ref GpioUapi.LineRequest request)
    {
        Chip c = Get<Chip>(chip);
        uint offset = request.Offsets[0];
        Assert.Equal(1u, request.LineCount);
        lock (_lock)
        {
            if (_files.Values.OfType<TakenLine>().Any(l => l.Chip == c.Label && l.Offset == offset))
                throw new IOException("Device or resource busy");
            ulong flags = request.Config.Flags;
            bool input = (flags & GpioUapi.FlagInput) != 0;
            // What the kernel refuses (gpio_v2_line_config_validate): both or no direction, edges or bias clash.
            if (input == ((flags & GpioUapi.FlagOutput) != 0) || (!input && (flags & (GpioUapi.FlagEdgeRising | GpioUapi.FlagEdgeFalling)) != 0))
                throw new IOException("Invalid argument");
            var line = new TakenLine
            {
                Chip = c.Label,
                Offset = offset,
                Consumer = GpioUapi.Text(request.Consumer),
                Flags = flags,
                BufferSize = request.EventBufferSize == 0 ? 16 : request.EventBufferSize,
            };
            if (request.Config.AttributeCount == 1 && request.Config.Attributes[0] is { Id: GpioUapi.AttributeOutputValues, Mask: 1 } values)
                Set(line, values.Value == 1);
            request.File = Add(line);
        }
    }

    public void GetValues(int line, ref GpioUapi.LineValues values)
    {
        TakenLine taken = Get<TakenLine>(line);
        values.Bits = taken.PhysicalHigh != taken.ActiveLow ? values.Mask : 0;
    }

    public void SetValues(int line, in GpioUapi.LineValues values)
    {
        if (Get<TakenLine>(line).Gone)
            throw new IOException("No such device");
        Set(Get<TakenLine>(line), values.Bits == 1);
    }

    public int CreateWakeUp() => Add(new Event());

    public void WakeUp(int wakeUp)
    {
        lock (_lock)
        {
            Get<Event>(wakeUp).Set = true;
            Monitor.PulseAll(_lock);
        }
    }

    public bool WaitForEvents(int line, int wakeUp)
    {
        lock (_lock)
        {
            TakenLine taken = Get<TakenLine>(line);
            while (true)
            {
                if (Get<Event>(wakeUp).Set)
                    return false;
                if (taken.Gone)
                    throw new IOException("The GPIO chip is gone.");
                if (taken.Events.Count > 0)
                    return true;
                Monitor.Wait(_lock);
            }
        }
    }

    public int ReadEvents(int line, Span<GpioUapi.LineEventRecord> events)
    {
        lock (_lock)
        {
            int count = 0;
            while (count < events.Length && Get<TakenLine>(line).Events.TryDequeue(out GpioUapi.LineEventRecord next))
                events[count++] = next;
            return count;
        }
    }

    public void Close(int file)
    {
        lock (_lock)
            Assert.True(_files.Remove(file), "closed twice");
    }

    private static void Set(TakenLine line, bool active)
    {
        line.PhysicalHigh = active != line.ActiveLow;
        line.Written.Add(active);
    }

    private int Add(object file)
    {
        lock (_lock)
        {
            _files.Add(_nextFile, file);
            return _nextFile++;
        }
    }

    private T Get<T>(int file)
    {
        lock (_lock)
            return Assert.IsType<T>(_files[file], exactMatch: true);
    }
}
