using System.CommandLine;

namespace Yolact.Edge.Commands;

/// <summary><c>model</c>: everything about network files.</summary>
public static class ModelCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new("model", "List, import, download, inspect and verify models.")
    {
        ModelListCommand.Create(),
        ModelImportCommand.Create(),
        ModelPullCommand.Create(),
        ModelQuantizeCommand.Create(),
        ModelInfoCommand.Create(),
        ModelVerifyCommand.Create(),
        ModelConfigCommand.Create(),
    };
}
