using System.CommandLine;

namespace Yolact.Edge.Commands;

/// <summary><c>remote</c>: asks a device for things and hears what it says, through its broker.</summary>
public static class RemoteCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create()
    {
        var arguments = new RemoteArguments();
        var command = new Command("remote", """
            Ask a device for things and hear what it says, through its broker.

              yolact-edge remote status                                      of this machine's device, at the embedded broker
              yolact-edge remote --broker plant:8883 --ca ca.pem --device press-3 snapshot -o now.jpg
              yolact-edge remote --broker plant --device press-3 config set press-3.json

            Commands need MQTT 5. Exit codes: 0 done; 1 it failed, was refused, or nobody answered; 2 the request or the document is wrong.
            """)
        {
            RemoteState.Status(arguments),
            RemoteState.Watch(arguments),
            RemoteConfig.Create(arguments),
            RemoteRequests.Capture(arguments),
            RemoteRequests.Snapshot(arguments),
            RemoteRequests.Plain(arguments, "reload-model", "Load the model's files anew, such as after they were replaced."),
            RemoteRequests.Plain(arguments, "rollback-config", "Go back to the configuration that was good before the one that runs."),
            RemoteRequests.Plain(arguments, "diagnostics", "How the device fares, in one report: versions, counters, times, telemetry, its last warnings and errors."),
            RemoteRequests.Restart(arguments),
            RemoteRequests.SetLogLevel(arguments),
        };
        arguments.AddTo(command);
        return command;
    }
}
