using System.CommandLine;
using Yolact.Edge.Engines;

namespace Yolact.Edge.Commands;

/// <summary><c>engine export</c>: an engine as one file.</summary>
internal static class EngineExportCommand
{
    public static Command Create()
    {
        var which = new Argument<string>("ENGINE") { Description = "The engine's name or its beginning, or its model's name." };
        var output = new Option<FileInfo>("--output", "-o") { Description = "The file to write, such as engine.tar.gz.", Required = true };
        Option<string?> file = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        var command = new Command("export", "Write an engine to one file, so that devices with the same GPU and software need not build it. See 'engine import'.")
        {
            which, output, file, settings,
        };
        command.SetAction(result => CommandErrors.Guard(() =>
        {
            EngineCache cache = EngineCommand.CacheOf(EngineCommand.Configured(result, file, settings).Detector.Engine);
            CachedEngine entry = EngineCommand.Find(cache, result.GetRequiredValue(which));
            if (entry.Problem is { } problem)
                throw new InvalidDataException($"{entry.Folder} cannot be exported: {problem}.");
            FileInfo target = result.GetRequiredValue(output);
            EngineArchive.Export(entry, target.FullName);
            target.Refresh();
            Console.WriteLine($"{target.FullName} ({target.Length >> 10} KiB)");
            return ExitCode.Ok;
        }));
        return command;
    }
}
