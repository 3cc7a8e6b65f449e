using System.CommandLine;
using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Commands;

/// <summary><c>model config</c>: a network's config as JSON, to start a custom one from.</summary>
public static class ModelConfigCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "A network by name (see 'model list'), or a .json file to check and complete." };
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Write to this file instead of standard output." };
        var command = new Command("config", """
            Print a network's config as JSON: the file that 'model import --config' and the trainer take.

            Example: yolact-edge model config yolact_plus_resnet50 -o mine.json
            """)
        { name, output };
        command.SetAction(result => CommandErrors.Guard(() =>
        {
            string json = ConfigFile.Write(ConfigFile.Resolve(result.GetRequiredValue(name)));
            if (result.GetValue(output) is { } file)
                File.WriteAllText(file.FullName, json + "\n");
            else
                Console.WriteLine(json);
            return ExitCode.Ok;
        }));
        return command;
    }
}
