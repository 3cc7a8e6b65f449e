using System.CommandLine;
using Yolact.Edge.Configuration;

namespace Yolact.Edge.Commands;

/// <summary>The options that commands with a configuration share.</summary>
internal static class ConfigurationArguments
{
    public static Option<string?> File() => new("--config", "-c")
    {
        Description = $"The configuration; {ConfigurationLoader.DefaultPath} if left out and there.",
        HelpName = "FILE",
    };

    public static Option<string[]> Settings() => new("--set", "-s")
    {
        Description = "One setting, such as mqtt/host=plant or cameras/0/fps=5; may be given several times and wins over file and environment.",
        HelpName = "PATH=VALUE",
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };
}
