using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;

namespace Yolact.Edge.Remote;

/// <summary><c>set-log-level</c>: more, or less, in the log for a while.</summary>
/// <param name="levels">The levels.</param>
public sealed class SetLogLevelCommand(LogLevels levels)
{
    /// <summary>The command.</summary>
    public DeviceCommand Command =>
        DeviceCommand.Of(CommandNames.SetLogLevel, CommandJson.Default.SetLogLevelRequest, new RateLimit(1, 5), TimeSpan.FromSeconds(5), Run);

    private Task<CommandReply> Run(SetLogLevelRequest request, CancellationToken cancellation)
    {
        DateTime until = levels.Set((LogLevel)request.Level, request.Category, TimeSpan.FromSeconds(request.ForS));
        return Task.FromResult(CommandReply.Done($"Logging from {request.Level} on for {request.ForS} s.",
            new SetLogLevelResult(request.Level, request.Category, until), CommandJson.Default.SetLogLevelResult));
    }
}
