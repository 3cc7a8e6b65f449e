using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Remote;

/// <summary><c>capture</c>: an edge without a line. Its detections come as those of any edge.</summary>
/// <param name="state">What runs.</param>
/// <param name="stamp">The boot.</param>
public sealed class CaptureCommand(ApplianceState state, MessageStamp stamp)
{
    /// <summary>The command.</summary>
    public DeviceCommand Command =>
        DeviceCommand.Of(CommandNames.Capture, CommandJson.Default.CaptureRequest, new RateLimit(50, 100), TimeSpan.FromSeconds(5), Run);

    private Task<CommandReply> Run(CaptureRequest request, CancellationToken cancellation)
    {
        Appliance appliance = state.Appliance ?? throw new CommandException(CommandCode.NotReady, "The camera does not run yet.");
        TriggerEdge edge;
        try
        {
            edge = appliance.Trigger();
        }
        catch (InvalidOperationException error)
        {
            throw new CommandException(CommandCode.Conflict, error.Message);
        }
        return Task.FromResult(CommandReply.Done($"Edge {edge.Id} asks for a picture.",
            new CaptureResult(appliance.CameraName, edge.Id, edge.Time.Nanoseconds, stamp.BootId), CommandJson.Default.CaptureResult));
    }
}
