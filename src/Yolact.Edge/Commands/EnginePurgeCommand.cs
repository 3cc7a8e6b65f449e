using System.CommandLine;
using Yolact.Edge.Engines;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Commands;

/// <summary><c>engine purge</c>: removes engines.</summary>
internal static class EnginePurgeCommand
{
    public static Command Create()
    {
        var which = new Argument<string?>("ENGINE") { Description = "The engine's name or its beginning, or its model's name.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> file = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        var all = new Option<bool>("--all") { Description = "Remove every engine." };
        var command = new Command("purge", "Remove engines: the named one, all with --all, else those that this machine cannot use (damaged, or made for another).")
        {
            which, file, settings, all,
        };
        command.SetAction(result => CommandErrors.Guard(() =>
        {
            EngineOptions options = EngineCommand.Configured(result, file, settings).Detector.Engine;
            EngineCache cache = EngineCommand.CacheOf(options);
            EngineFacts facts = EngineFacts.Read(options);
            string? id = result.GetValue(which) is { } text ? EngineCommand.Find(cache, text).Id : null;
            IReadOnlyList<CachedEngine> removed = cache.Remove(entry =>
                id is not null ? entry.Id == id : result.GetValue(all) || facts.ProblemOf(entry) is not null);
            foreach (CachedEngine entry in removed)
                Console.WriteLine($"removed {entry.Folder}");
            Console.WriteLine($"{removed.Count} engines removed, {cache.List().Count} left");
            return ExitCode.Ok;
        }));
        return command;
    }
}
