using System.CommandLine;
using Yolact.Edge.Engines;

namespace Yolact.Edge.Commands;

/// <summary><c>engine worker</c>: the process that builds; started by the program itself.</summary>
internal static class EngineWorkerCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("FOLDER") { Description = "Where to." };
        var command = new Command("worker", "Build the engine that standard input asks for. Started by the program itself.") { folder };
        command.Hidden = true;
        command.SetAction(result => CommandErrors.Guard(() =>
        {
            EngineWorker.Run(result.GetRequiredValue(folder).FullName, Console.In);
            return ExitCode.Ok;
        }));
        return command;
    }
}
