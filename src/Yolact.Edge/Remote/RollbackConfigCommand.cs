using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;

namespace Yolact.Edge.Remote;

/// <summary><c>rollback-config</c>: back to the configuration that was good before the one that runs.</summary>
/// <param name="rollBack">Goes back and names the version that runs then; null for none to go back from. Null where this device takes no remote configuration.</param>
public sealed class RollbackConfigCommand(Func<CancellationToken, Task<string?>>? rollBack)
{
    /// <summary>The command.</summary>
    public DeviceCommand Command => DeviceCommand.Of(
        CommandNames.RollbackConfig, CommandJson.Default.RollbackConfigRequest, new RateLimit(0.1, 2), TimeSpan.FromMinutes(5), RunAsync);

    private async Task<CommandReply> RunAsync(RollbackConfigRequest request, CancellationToken cancellation)
    {
        if (rollBack is null)
            throw new CommandException(CommandCode.NotAvailable, "This device takes no configuration over MQTT.");
        string version = await rollBack(cancellation)
            ?? throw new CommandException(CommandCode.Conflict, "No configuration that came over MQTT runs: there is nothing to go back from.");
        return CommandReply.Done($"Version {version} runs again.", new RollbackConfigResult(version), CommandJson.Default.RollbackConfigResult);
    }
}
