using System.CommandLine;

namespace Yolact.Edge.Commands;

/// <summary>The program's command line: without a command it runs the appliance.</summary>
public static class YolactEdgeCommand
{
    /// <summary>The root command with every subcommand.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Instance segmentation at the edge: camera frames in, masks over MQTT out.");
        root.Subcommands.Add(DatasetCommand.Create());
        root.Subcommands.Add(EvalCommand.Create());
        root.Subcommands.Add(DetectCommand.Create());
        root.Subcommands.Add(ModelCommand.Create());
        root.Subcommands.Add(BenchCommand.Create());
        return root;
    }
}
