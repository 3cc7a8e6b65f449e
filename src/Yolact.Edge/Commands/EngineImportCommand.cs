using System.CommandLine;
using Yolact.Edge.Engines;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Commands;

/// <summary><c>engine import</c>: takes an engine from another device.</summary>
internal static class EngineImportCommand
{
    public static Command Create()
    {
        var archive = new Argument<FileInfo>("FILE") { Description = "Written by 'engine export'." };
        Option<string?> file = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        var command = new Command("import", """
            Take an engine that another device built. It is refused where ONNX Runtime, TensorRT, CUDA or GPU are not those of this machine, and where a
            file is not what was built. Run it as the user that the appliance runs as.

            Exit codes: 0 imported; 1 the cache could not be written; 2 the archive is refused, with every reason.
            """)
        { archive, file, settings };
        command.SetAction((result, _) => Task.Run(() => CommandErrors.Guard(() =>
        {
            EngineOptions options = EngineCommand.Configured(result, file, settings).Detector.Engine;
            EngineFacts facts = EngineFacts.Read(options);
            if (facts.NativeProblem is { } problem)
                throw new EngineException(problem);
            CachedEngine entry = EngineArchive.Import(result.GetRequiredValue(archive).FullName, facts.CacheFolder, facts.MachineKey());
            Console.WriteLine($"{entry.Folder}: {entry.Manifest!.Key.Model}, {entry.Manifest.Key.Precision}, {entry.Manifest.Bytes >> 20} MiB");
            return ExitCode.Ok;
        })));
        return command;
    }
}
