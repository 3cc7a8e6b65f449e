using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Engines;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Models;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Remote;

/// <summary><c>reload-model</c>: the model's files anew, such as after they were replaced; what cannot be loaded leaves the running one alone.</summary>
/// <param name="reload">Loads and exchanges it between two frames; null where this device cannot.</param>
public sealed class ReloadModelCommand(Func<CancellationToken, Task<ReloadModelResult>>? reload)
{
    /// <summary>The command. Loading may build an engine.</summary>
    public DeviceCommand Command => DeviceCommand.Of(
        CommandNames.ReloadModel, CommandJson.Default.ReloadModelRequest, new RateLimit(0.1, 2), TimeSpan.FromMinutes(15), RunAsync);

    private async Task<CommandReply> RunAsync(ReloadModelRequest request, CancellationToken cancellation)
    {
        if (reload is null)
            throw new CommandException(CommandCode.NotAvailable, "This device does not exchange its model while it runs; ask for a restart.");
        try
        {
            ReloadModelResult result = await reload(cancellation);
            string words = result.Sha256 == result.PreviousSha256 ? "as before" : "a new one";
            return CommandReply.Done($"Model {result.Model} was loaded: {words}.", result, CommandJson.Default.ReloadModelResult);
        }
        catch (ConfigurationFailedException error)
        {
            throw new CommandException(CommandCode.Failed, $"The model that runs stays: {string.Join("; ", error.Errors)}");
        }
        catch (Exception error) when (error is ModelException or EngineException or BudgetException or ModelRefusedException
            or InvalidConfigurationException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(CommandCode.Failed, $"The model that runs stays: {error.Message}");
        }
    }
}
