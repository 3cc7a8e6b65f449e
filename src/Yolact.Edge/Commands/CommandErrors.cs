using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Parameters;
using Yolact.Edge.Models;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Pictures;

namespace Yolact.Edge.Commands;

/// <summary>Turns what can go wrong in a command into one clear paragraph on stderr and an exit code.</summary>
internal static class CommandErrors
{
    /// <summary>Runs a command's work.</summary>
    /// <param name="work">Returns the exit code.</param>
    public static int Guard(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (ExitCodeOf(error) is { } code)
        {
            Report(code == ExitCode.Cancelled ? "Stopped." : error.Message);
            return code;
        }
    }

    /// <summary>Runs a command's work.</summary>
    /// <param name="work">Returns the exit code.</param>
    public static async Task<int> GuardAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (ExitCodeOf(error) is { } code)
        {
            Report(code == ExitCode.Cancelled ? "Stopped." : error.Message);
            return code;
        }
    }

    /// <summary>Prints an error.</summary>
    /// <param name="message">What happened, to what, and what to do.</param>
    public static void Report(string message) => Write("error:", 31, message);

    /// <summary>Prints what a person should know though all went well.</summary>
    /// <param name="message">The message.</param>
    public static void Note(string message) => Write("note:", 33, message);

    // Not through the console library, which would break long paths into lines.
    private static void Write(string kind, int colour, string message) =>
        Console.Error.WriteLine(Console.IsErrorRedirected ? $"{kind} {message}" : $"\e[{colour}m{kind}\e[0m {message}");

    // Only what is expected to go wrong is put in words; a defect of the program keeps its stack trace.
    internal static int? ExitCodeOf(Exception error) => error switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        EngineException { Lasting: false } => ExitCode.Failed,
        CameraException { IsPermanent: true } => ExitCode.BadInput,
        CameraException => ExitCode.Failed,
        InvalidConfigException or CheckpointException or ParameterMismatchException or UnknownNetworkException or ModelException
            or PictureException or InvalidConfigurationException or EngineException or Engines.BudgetException
            or InvalidDataException or FileNotFoundException or DirectoryNotFoundException => ExitCode.BadInput,
        ModelRefusedException => ExitCode.BadInput,
        ConfigurationFailedException { InnerException: { } cause } => ExitCodeOf(cause),
        IOException or UnauthorizedAccessException or HttpRequestException or ConfigurationFailedException => ExitCode.Failed,
        _ => null,
    };
}
