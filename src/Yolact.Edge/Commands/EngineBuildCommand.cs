using System.CommandLine;
using System.Globalization;
using Yolact.Edge.Configuration;
using Yolact.Edge.Engines;
using Yolact.Edge.Models;

namespace Yolact.Edge.Commands;

/// <summary><c>engine build</c>: builds the engine of a model ahead of time.</summary>
internal static class EngineBuildCommand
{
    public static Command Create()
    {
        var model = new Argument<string?>("MODEL")
        {
            Description = "An .onnx file, a folder with one, or a model's name; the configured one if left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> file = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        var command = new Command("build", """
            Build the TensorRT engine of a model now, with the configured options, so that the appliance starts fast. Needs a GPU and a native library
            with TensorRT.

            Example: yolact-edge engine build yolact_plus_resnet50 --set detector/engine/native_library_path=/usr/lib/yolact-edge/libonnxruntime.so

            Exit codes: 0 built, or already there; 1 the build failed or was killed; 2 TensorRT cannot be used here.
            """)
        { model, file, settings };
        command.SetAction((result, cancellation) => Task.Run(() => CommandErrors.Guard(() =>
        {
            ApplianceOptions options = EngineCommand.Configured(result, file, settings);
            (CachedEngine engine, bool built) = EngineStart.OnThisMachine(options.Telemetry.Root)
                .Build(ModelFolders.Find(result.GetValue(model) ?? options.Model.Path), options.Detector, new EngineProgressLine(), cancellation);
            if (!Console.IsErrorRedirected)
                Console.Error.Write("\r\e[K");
            string time = engine.Manifest!.BuildSeconds.ToString("F1", CultureInfo.InvariantCulture);
            Console.WriteLine(built ? $"{engine.Folder}: built in {time} s, {engine.Manifest.Bytes >> 20} MiB" : $"{engine.Folder}: already there");
            return ExitCode.Ok;
        })));
        return command;
    }
}
