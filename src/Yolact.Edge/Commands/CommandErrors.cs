using Spectre.Console;
using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Commands;

/// <summary>Turns what can go wrong in a command into one clear paragraph on stderr and an exit code.</summary>
internal static class CommandErrors
{
    private static readonly IAnsiConsole Error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

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
    public static void Report(string message) => Error.MarkupLineInterpolated($"[red]error:[/] {message}");

    /// <summary>Prints what a person should know though all went well.</summary>
    /// <param name="message">The message.</param>
    public static void Note(string message) => Error.MarkupLineInterpolated($"[yellow]note:[/] {message}");

    // Only what is expected to go wrong is put in words; a defect of the program keeps its stack trace.
    private static int? ExitCodeOf(Exception error) => error switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        InvalidConfigException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException => ExitCode.BadInput,
        IOException or UnauthorizedAccessException or HttpRequestException => ExitCode.Failed,
        _ => null,
    };
}
