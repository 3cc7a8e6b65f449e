using System.CommandLine;
using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Configuration;
using Yolact.Edge.Hosting;

namespace Yolact.Edge.Commands;

/// <summary><c>lines</c>: what can be done with output lines while the appliance does not run.</summary>
public static class LinesCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new("lines", "Set output lines while the appliance does not run.") { Safe() };

    private static Command Safe()
    {
        Option<string?> config = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        var command = new Command("safe", """
            Set every output line to its safe level. systemd runs this after the appliance has ended, also where it crashed or was killed;
            what systemd then says of the end is left in the state folder, and the next run tells it over MQTT (event run_failed).

            Exit codes: 0 the lines are safe, or there are none; 1 a line cannot be opened or set; 2 the configuration cannot be used.
            """)
        { config, settings };
        command.SetAction(result => CommandErrors.Guard(() =>
        {
            NoteFailedRun();
            GpioOptions gpio = ConfigurationLoader.Load(result.GetValue(config), result.GetValue(settings)).Options.Gpio;
            if (gpio.Outputs.Count == 0 || gpio is { Driver: GpioDriverKind.None } or { Driver: GpioDriverKind.Belt, LevelFile: null })
            {
                Console.WriteLine("No output lines of this machine are configured.");
                return ExitCode.Ok;
            }
            string[] problems = [.. MakeSafe(gpio)];
            foreach (string problem in problems)
                CommandErrors.Report(problem);
            return problems.Length == 0 ? ExitCode.Ok : ExitCode.Failed;
        }));
        return command;
    }

    private static void NoteFailedRun()
    {
        try
        {
            FailedRun.Of(Environment.GetEnvironmentVariable)?.Leave(StateFolder.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The lines matter more.
            CommandErrors.Report($"How the run ended cannot be kept: {error.Message}");
        }
    }

    // Line by line: one that cannot be opened must not leave the others as they are.
    private static IEnumerable<string> MakeSafe(GpioOptions gpio)
    {
        if (gpio.Driver == GpioDriverKind.Belt)
            return MakeSafe(gpio with { Inputs = [] }, gpio.Outputs);
        return gpio.Outputs.SelectMany(line => MakeSafe(gpio with { Inputs = [], Outputs = [line] }, [line]));
    }

    private static List<string> MakeSafe(GpioOptions gpio, IReadOnlyList<OutputLineOptions> outputs)
    {
        try
        {
            using LineSet lines = LineSet.Open(gpio, world: null, TimeProvider.System);
            foreach (OutputLineOptions output in outputs)
                lines.Outputs[output.Name].Set(output.SafeActive);
            Console.WriteLine($"Safe: {string.Join(", ", lines.Outputs.Keys)}");
            return [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [error.Message];
        }
    }
}
