using Yolact.Edge.Capture.Cameras;

namespace Yolact.Edge.Capture.Playback;

/// <summary>The pictures of a folder in the order of their names, once or again and again, at a rate or as fast as they are taken.</summary>
public sealed class FolderCamera : PlaybackCamera
{
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".bmp", ".webp"];

    private readonly CameraOptions _options;
    private readonly FramePool _pool;
    private readonly Func<string, FramePool, Frame> _decode;
    private string[] _files = [];
    private int _next;
    private int _good;
    private long _sequence;
    private long _skipped;
    private MonotonicTime? _start;

    /// <summary>A camera.</summary>
    /// <param name="options">Valid options of kind <see cref="CameraKind.Folder"/>.</param>
    /// <param name="decode">Reads a picture file into a frame of the pool; throws <see cref="IOException"/> or
    /// <see cref="InvalidDataException"/> where it cannot.</param>
    /// <param name="pool">Where frames come from.</param>
    /// <param name="clock">The clock of the rate and of the frames' times.</param>
    public FolderCamera(CameraOptions options, Func<string, FramePool, Frame> decode, FramePool pool, TimeProvider clock)
        : base((options ?? throw new ArgumentNullException(nameof(options))).Name, clock)
    {
        ArgumentNullException.ThrowIfNull(decode);
        ArgumentNullException.ThrowIfNull(pool);
        _options = options;
        _decode = decode;
        _pool = pool;
    }

    /// <inheritdoc/>
    public override CameraTiming Timing { get; } =
        new(FrameTimeMeaning.ExposureStart, TimeSpan.Zero, "the moment a stored picture is shown");

    /// <summary>Files that could not be read as pictures, and were passed over.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    private protected override void Open()
    {
        try
        {
            _files = [.. Directory.EnumerateFiles(_options.Source!)
                .Where(f => Endings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"Camera {Name}: the folder {_options.Source} cannot be read: {error.Message}", error) { IsPermanent = true };
        }
        if (_files.Length == 0)
        {
            throw new CameraException($"Camera {Name}: the folder {_options.Source} holds no picture ({string.Join(", ", Endings)}).")
            {
                IsPermanent = true,
            };
        }
    }

    private protected override void Close()
    {
    }

    private protected override (Frame Frame, MonotonicTime? Due)? Next()
    {
        while (true)
        {
            if (_next == _files.Length)
            {
                if (_good == 0)
                    throw new CameraException($"Camera {Name}: none of the {_files.Length} files of {_options.Source} is a readable picture.");
                if (!_options.Loop)
                    return null;
                (_next, _good) = (0, 0);
            }
            if (Decode(_files[_next++]) is not { } frame)
                continue;
            _good++;
            _start ??= MonotonicTime.Now(Clock);
            MonotonicTime? due = _options.Fps is { } fps ? _start.Value + TimeSpan.FromSeconds(_sequence / fps) : null;
            frame.Sequence = _sequence++;
            frame.Time = new(due ?? MonotonicTime.Now(Clock), FrameTimeMeaning.ExposureStart, TimeSpan.Zero);
            return (frame, due);
        }
    }

    private Frame? Decode(string file)
    {
        try
        {
            return _decode(file, _pool);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            Interlocked.Increment(ref _skipped);
            Note($"{file} was passed over: {error.Message}");
            return null;
        }
    }
}
