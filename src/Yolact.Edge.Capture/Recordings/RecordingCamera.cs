using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Playback;

namespace Yolact.Edge.Capture.Recordings;

/// <summary>
/// Plays a recording: its frames as a camera's, and its edges on lines, in their recorded order. Times are moved so that the recording
/// begins now; the distances between them stay.
/// </summary>
public sealed class RecordingCamera : PlaybackCamera
{
    private readonly CameraOptions _options;
    private readonly FramePool _pool;
    private readonly bool _unpaced;
    private readonly Dictionary<string, RecordedLine> _lines = [];
    private RecordingReader? _reader;
    private CameraTiming _timing = new(FrameTimeMeaning.Arrival, TimeSpan.Zero, "as recorded");
    private MonotonicTime _start;
    private long? _shift;
    private long _sequenceShift;
    private long _lastSequence = -1;
    private long _played;

    /// <summary>A camera.</summary>
    /// <param name="options">Valid options of kind <see cref="CameraKind.Recording"/>. With <see cref="CameraOptions.Fps"/>, frames come at
    /// that rate instead of the recorded one, and no edges.</param>
    /// <param name="pool">Where frames come from.</param>
    /// <param name="clock">The clock that times are moved to.</param>
    /// <param name="unpaced">True: frames as fast as they are taken, and no edges.</param>
    public RecordingCamera(CameraOptions options, FramePool pool, TimeProvider clock, bool unpaced = false)
        : base((options ?? throw new ArgumentNullException(nameof(options))).Name, clock)
    {
        ArgumentNullException.ThrowIfNull(pool);
        _options = options;
        _pool = pool;
        _unpaced = unpaced;
    }

    /// <inheritdoc/>
    public override CameraTiming Timing => _timing;

    /// <summary>The line that plays a recorded line's edges.</summary>
    /// <param name="name">The line's name when it was recorded.</param>
    public IInputLine Line(string name)
    {
        lock (_lines)
        {
            if (!_lines.TryGetValue(name, out RecordedLine? line))
                _lines[name] = line = new(name);
            return line;
        }
    }

    private protected override void Open()
    {
        try
        {
            _reader = new(_options.Source!, _pool);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new CameraException($"Camera {Name}: {error.Message}", error) { IsPermanent = true };
        }
        // The first frame tells what the times mean.
        while (_reader.Next() is { } item)
        {
            if (item.Frame is not { } frame)
                continue;
            using (frame)
                _timing = new(frame.Time.Meaning, frame.Time.Uncertainty, "as recorded");
            _reader.Rewind();
            return;
        }
        throw new CameraException($"Camera {Name}: the recording {_options.Source} holds no frame. {_reader.Problem}") { IsPermanent = true };
    }

    private protected override void Close() => _reader?.Dispose();

    private protected override (Frame Frame, MonotonicTime? Due)? Next()
    {
        while (true)
        {
            if (_reader!.Next() is not { } item)
            {
                if (_reader.Problem is { } problem)
                    Note(problem);
                if (!_options.Loop)
                    return null;
                Restart();
                continue;
            }
            long recorded = item.Frame?.Time.Time.Nanoseconds ?? item.Edge.Time.Nanoseconds;
            _shift ??= MonotonicTime.Now(Clock).Nanoseconds - recorded;
            var moved = new MonotonicTime(recorded + _shift.Value);
            if (item.Frame is { } frame)
                return Move(frame, moved);
            if (_unpaced || _options.Fps is not null)
                continue;
            if (!WaitUntilAsync(moved).GetAwaiter().GetResult())
                return null;
            lock (_lines)
                _lines.GetValueOrDefault(item.Line!)?.Play(item.Edge with { Time = moved });
        }
    }

    private (Frame Frame, MonotonicTime? Due) Move(Frame frame, MonotonicTime moved)
    {
        if (_options.Fps is { } fps && !_unpaced)
        {
            if (_played == 0)
                _start = moved;
            moved = _start + TimeSpan.FromSeconds(_played / fps);
        }
        _played++;
        frame.Time = frame.Time with { Time = moved };
        frame.Sequence += _sequenceShift;
        _lastSequence = frame.Sequence;
        return (frame, _unpaced ? null : moved);
    }

    /// <summary>Once more: times and numbers go on where they ended.</summary>
    private void Restart()
    {
        _reader!.Rewind();
        _shift = null;
        _sequenceShift = _lastSequence + 1;
    }

    private sealed class RecordedLine(string name) : IInputLine
    {
        public event Action<LineEvent>? Changed;

        public string Name => name;

        public bool IsActive { get; private set; }

        public void Play(LineEvent edge)
        {
            IsActive = edge.Edge == LineEdge.Rising;
            Changed?.Invoke(edge);
        }

        public void Dispose()
        {
        }
    }
}
