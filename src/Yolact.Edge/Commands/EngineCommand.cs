using System.CommandLine;
using Yolact.Edge.Configuration;
using Yolact.Edge.Engines;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Commands;

/// <summary><c>engine</c>: what runs the network, and TensorRT's engines.</summary>
public static class EngineCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new("engine", "Look at what runs the network; build, list, carry and remove TensorRT's engines.")
    {
        EngineStatusCommand.Create(),
        EngineTryCommand.Create(),
        EngineBuildCommand.Create(),
        EngineListCommand.Create(),
        EnginePurgeCommand.Create(),
        EngineExportCommand.Create(),
        EngineImportCommand.Create(),
        EngineWorkerCommand.Create(),
    };

    /// <summary>Options of the configuration that a subcommand was given.</summary>
    internal static ApplianceOptions Configured(ParseResult result, Option<string?> file, Option<string[]> settings) =>
        ConfigurationLoader.Load(result.GetValue(file), result.GetValue(settings)).Options;

    /// <summary>The cache of a configuration.</summary>
    internal static EngineCache CacheOf(EngineOptions options) => new(CacheFolder.Of(options), options.CacheEntries, TimeProvider.System);

    /// <summary>The one entry whose name begins with some text.</summary>
    /// <exception cref="FileNotFoundException">There is none, or more than one.</exception>
    internal static CachedEngine Find(EngineCache cache, string text)
    {
        CachedEngine[] found = [.. cache.List(thorough: true).Where(entry => entry.Id.StartsWith(text, StringComparison.Ordinal) || entry.Manifest?.Key.Model == text)];
        return found.Length == 1
            ? found[0]
            : throw new FileNotFoundException(found.Length == 0
                ? $"There is no engine '{text}' in {cache.Folder}. See 'yolact-edge engine list'."
                : $"'{text}' means {found.Length} engines in {cache.Folder}: {string.Join(", ", found.Select(entry => entry.Id))}. Name one of them.");
    }
}
