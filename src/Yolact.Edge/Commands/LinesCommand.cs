using System.CommandLine;
using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Configuration;

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
            Set every output line to its safe level. systemd runs this after the appliance has ended, also where it crashed or was killed.

            Exit codes: 0 the lines are safe, or there are none; 1 a line cannot be opened or set; 2 the configuration cannot be used.
            """)
        { config, settings };
        command.SetAction(result => CommandErrors.Guard(() =>
        {
            GpioOptions gpio = ConfigurationLoader.Load(result.GetValue(config), result.GetValue(settings)).Options.Gpio;
            if (gpio.Driver is GpioDriverKind.None or GpioDriverKind.Belt)
            {
                Console.WriteLine("No output lines of this machine are configured.");
                return ExitCode.Ok;
            }
            // Opening an output drives its safe level; inputs are none of this command's business.
            using GpioLines lines = GpioLines.Open(gpio with { Inputs = [] }, TimeProvider.System);
            Console.WriteLine($"Safe: {string.Join(", ", lines.Outputs.Keys)}");
            return ExitCode.Ok;
        }));
        return command;
    }
}
