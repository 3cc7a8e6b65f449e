using System.CommandLine;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Recordings;
using Yolact.Edge.Configuration;
using Yolact.Edge.Detecting;
using Yolact.Edge.Hosting;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Commands;

/// <summary><c>record</c>: the configured camera's frames and the lines' edges into a file, to be played again.</summary>
public static class RecordCommand
{
    // Cameras that could scale for a network deliver the full picture: there is no network here.
    private const int NetworkSize = 256;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var output = new Argument<FileInfo>("OUTPUT") { Description = "The recording; appears when it is complete." };
        var frames = new Option<long?>("--frames", "-n") { Description = "Stop after this many frames, 1 or more. Default: at Ctrl-C, or when the camera ends." };
        var raw = new Option<bool>("--raw") { Description = "Store pixels as they are: less work, more space. Default: compressed, lossless." };
        Option<string?> config = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        var command = new Command("record", """
            Record what the configured camera sees and what happens on the input lines, with their times.

            Examples:
              yolact-edge record belt.yrec --frames 300
              yolact-edge record line3.yrec --config /etc/yolact-edge/appliance.json
              yolact-edge detect belt.yrec
              yolact-edge --set cameras/0/kind=recording --set cameras/0/source=belt.yrec

            Exit codes: 0 recorded; 1 the file cannot be written or the camera broke; 2 the configuration or camera cannot be used.
            """)
        { output, frames, raw, config, settings };
        command.SetAction((result, cancellation) => Task.Run(() => CommandErrors.GuardAsync(async () =>
        {
            if (result.GetValue(frames) is < 1)
                throw new InvalidDataException($"--frames: 1 or more, not {result.GetValue(frames)}");
            ApplianceOptions options = ConfigurationLoader.Load(result.GetValue(config), result.GetValue(settings)).Options;
            RecordingCompression compression = result.GetValue(raw) ? RecordingCompression.Raw : RecordingCompression.Brotli;
            return await RecordAsync(options, result.GetRequiredValue(output).FullName, compression, result.GetValue(frames), cancellation);
        })));
        return command;
    }

    private static async Task<int> RecordAsync(ApplianceOptions options, string output, RecordingCompression compression, long? most, CancellationToken cancellation)
    {
        CameraOptions camera = options.Cameras.First(one => one.Active);
        var world = new BeltWorld(options.Belt, TimeProvider.System);
        using LineSet lines = LineSet.Open(options.Gpio with { Outputs = [], LevelFile = null }, world, TimeProvider.System);
        using var recording = new RecordingWriter(output, compression);
        foreach (IInputLine line in lines.Inputs.Values)
            line.Changed += edge => recording.Write(line.Name, edge);
        await using ICamera source = CameraFactory.Create(camera, world, NetworkSize, TimeProvider.System);
        await FrameRun.TakeAsync(source, most, frame => Write(recording, frame.SourcePicture ?? frame.Picture), cancellation);
        foreach (IInputLine line in lines.Inputs.Values)
            line.Dispose();
        recording.Finish();
        Console.WriteLine($"{recording.Frames} frames and {recording.Edges} edges in {output}");
        return ExitCode.Ok;
    }

    private static void Write(RecordingWriter recording, Frame frame)
    {
        if (!recording.Write(frame))
            throw new IOException("The recording is full.");
    }
}
