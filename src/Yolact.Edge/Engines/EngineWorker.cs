using System.Diagnostics;
using System.Text.Json;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Engines;

/// <summary>What the building process does: builds the engines that its standard input asks for, and ends when that ends.</summary>
internal static class EngineWorker
{
    private const string MostKillable = "1000";

    /// <summary>Builds.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="input">The request on one line; its end ends the process.</param>
    /// <exception cref="InvalidDataException">The request cannot be read.</exception>
    /// <exception cref="EngineException">The build failed.</exception>
    public static void Run(string folder, TextReader input)
    {
        GiveWayForMemory();
        EngineRequest request = Read(input.ReadLine());
        EndWith(input);
        var options = new DetectorOptions { Engine = request.Options, Rescore = request.Rescores };
        var setup = new EngineSetup { Provider = ExecutionProvider.Tensorrt, Limits = request.Limits, EngineFolder = folder };
        using Detector detector = Detector.Open(request.Model, options, setup);
        // Some providers build at the first run.
        detector.WarmUp();
    }

    private static EngineRequest Read(string? line)
    {
        try
        {
            return JsonSerializer.Deserialize(line ?? "null", EngineJson.Default.EngineRequest)
                ?? throw new InvalidDataException("No build was asked for: 'engine worker' is started by the program itself.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The build's request cannot be read ({error.Message}).", error);
        }
    }

    // Everybody may make himself easier to kill.
    private static void GiveWayForMemory()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", MostKillable);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"note: the build could not be made the first to be killed for memory: {error.Message}");
        }
    }

    private static void EndWith(TextReader input) => new Thread(() =>
    {
        input.ReadToEnd();
        Process.GetCurrentProcess().Kill();
    })
    { IsBackground = true, Name = "parent" }.Start();
}
