using Microsoft.Extensions.Hosting.Systemd;
using Yolact.Edge.Commands;
using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Remote;

/// <summary>
/// <c>restart</c>: an orderly stop that ends with <see cref="ExitCode.Restart"/>, which the unit's <c>Restart=on-failure</c> takes as a reason
/// to start the program again. Where nobody would do that, it is refused unless forced.
/// </summary>
/// <param name="state">Takes the exit code.</param>
/// <param name="stamp">This run.</param>
/// <param name="lifetime">Stops the program.</param>
/// <param name="clock">Measures.</param>
/// <param name="supervised">Whether somebody would start the program again; null to find out.</param>
public sealed class RestartCommand(ApplianceState state, MessageStamp stamp, IHostApplicationLifetime lifetime, TimeProvider clock, bool? supervised = null)
{
    // A request that the broker delivers again to the next run must not make the device restart for ever.
    private static readonly TimeSpan LeastUptime = TimeSpan.FromSeconds(5);

    private readonly long _started = clock.GetTimestamp();
    private readonly bool _supervised = supervised ?? SystemdHelpers.IsSystemdService();

    /// <summary>The command.</summary>
    public DeviceCommand Command =>
        DeviceCommand.Of(CommandNames.Restart, CommandJson.Default.RestartRequest, new RateLimit(0.1, 1), TimeSpan.FromSeconds(5), Run);

    private Task<CommandReply> Run(RestartRequest request, CancellationToken cancellation)
    {
        TimeSpan uptime = clock.GetElapsedTime(_started);
        if (uptime < LeastUptime)
            throw new CommandException(CommandCode.Conflict, $"The program was started {uptime.TotalSeconds:0.0} s ago; ask again after {LeastUptime.TotalSeconds:0} s.");
        if (!_supervised && !request.Force)
            throw new CommandException(CommandCode.Conflict, "Not started by systemd: nobody would start the program again. To end it all the same, set force.");
        CommandReply reply = CommandReply.Done("The program ends and is to be started again.", new RestartResult(ExitCode.Restart, stamp.Run), CommandJson.Default.RestartResult);
        return Task.FromResult(reply with { Code = CommandCode.Accepted, Afterwards = Stop });
    }

    private void Stop()
    {
        state.ExitCode = ExitCode.Restart;
        lifetime.StopApplication();
    }
}
