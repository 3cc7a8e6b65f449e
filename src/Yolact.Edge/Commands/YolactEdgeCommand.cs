using System.CommandLine;

namespace Yolact.Edge.Commands;

/// <summary>The program's command line: without a command it runs the appliance.</summary>
public static class YolactEdgeCommand
{
    /// <summary>The root command with every subcommand.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Instance segmentation at the edge: camera frames in, masks over MQTT out.");
        RunCommand.AddTo(root);
        root.Subcommands.Add(DatasetCommand.Create());
        root.Subcommands.Add(EvalCommand.Create());
        root.Subcommands.Add(DetectCommand.Create());
        root.Subcommands.Add(RecordCommand.Create());
        root.Subcommands.Add(ConfigCommand.Create());
        root.Subcommands.Add(RemoteCommand.Create());
        root.Subcommands.Add(LinesCommand.Create());
        root.Subcommands.Add(ModelCommand.Create());
        root.Subcommands.Add(EngineCommand.Create());
        root.Subcommands.Add(BenchCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());
        return root;
    }

    // After Ctrl-C or SIGTERM a command may finish what it accepted and clear away what is half done.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>One of <see cref="ExitCode"/>; a command line that cannot be read is bad input.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = Create().Parse(arguments);
        int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopTime });
        return parsed.Errors.Count > 0 ? ExitCode.BadInput : code;
    }
}
