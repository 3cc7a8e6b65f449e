using System.CommandLine;
using Yolact.Edge.Configuration;
using Yolact.Edge.Hosting;

namespace Yolact.Edge.Commands;

/// <summary>What the program does without a command: it runs the appliance.</summary>
public static class RunCommand
{
    /// <summary>Gives the root command its options and its action.</summary>
    /// <param name="root">The root command.</param>
    public static void AddTo(RootCommand root)
    {
        ArgumentNullException.ThrowIfNull(root);
        Option<string?> file = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        root.Options.Add(file);
        root.Options.Add(settings);
        root.SetAction((result, cancellation) => CommandErrors.GuardAsync(() =>
            ApplianceHost.RunAsync(ConfigurationLoader.LoadLocal(result.GetValue(file), result.GetValue(settings)), cancellation)));
    }
}
