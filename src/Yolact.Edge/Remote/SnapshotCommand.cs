using System.Globalization;
using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Vision.Drawing;

namespace Yolact.Edge.Remote;

/// <summary><c>snapshot</c>: what the camera sees now, in the response or on the camera's topic <c>evidence</c>.</summary>
/// <param name="state">What runs.</param>
/// <param name="session">The connection.</param>
/// <param name="stamp">Ids and times.</param>
/// <param name="pool">Memory for messages.</param>
/// <param name="maxBytes">The largest picture, in bytes of JPEG.</param>
public sealed class SnapshotCommand(ApplianceState state, MqttSession session, MessageStamp stamp, PayloadPool pool, int maxBytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The command.</summary>
    public DeviceCommand Command =>
        DeviceCommand.Of(CommandNames.Snapshot, CommandJson.Default.SnapshotRequest, new RateLimit(1, 5), Patience * 2, RunAsync);

    private async Task<CommandReply> RunAsync(SnapshotRequest request, CancellationToken cancellation)
    {
        Appliance appliance = state.Appliance ?? throw new CommandException(CommandCode.NotReady, "The camera does not run yet.");
        TappedPicture picture = await NextAsync(appliance.Tap, request.Overlay, cancellation);
        CappedJpeg jpeg = CappedJpeg.Encode(picture.Picture, request.MaxWidth, maxBytes);
        string? topic = null, id = null;
        if (request.To == SnapshotTarget.Evidence)
            (topic, id) = Publish(appliance.CameraName, picture, jpeg);
        var result = new SnapshotResult(appliance.CameraName, picture.Sequence, jpeg.Width, jpeg.Height, picture.Picture.Width, picture.Picture.Height,
            jpeg.Quality, jpeg.Data.Length, request.Overlay, topic is null ? Convert.ToBase64String(jpeg.Data) : null, topic, id);
        return CommandReply.Done($"Frame {picture.Sequence}, {jpeg.Width} x {jpeg.Height} px.", result, CommandJson.Default.SnapshotResult);
    }

    private static async Task<TappedPicture> NextAsync(FrameTap tap, bool overlay, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await (overlay ? tap.NextSeenAsync(limit.Token) : tap.NextAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(CommandCode.TookTooLong, overlay
                ? $"No picture went through the network within {Patience.TotalSeconds:0} s; in a trigger mode ask for a capture, or for a picture without overlay."
                : $"The camera delivered no picture within {Patience.TotalSeconds:0} s.");
        }
    }

    private (string Topic, string Id) Publish(string camera, TappedPicture picture, CappedJpeg jpeg)
    {
        MessageHeader header = stamp.Next($"{stamp.Topics.Root}/camera/{camera}");
        string topic = stamp.Topics.Evidence(camera);
        PayloadBuffer buffer = pool.Rent();
        jpeg.Data.CopyTo(buffer.GetSpan(jpeg.Data.Length));
        buffer.Advance(jpeg.Data.Length);
        session.Send(new Answer(topic, "evidence", header, buffer)
        {
            ContentType = "image/jpeg",
            Properties =
            [
                new("sequence", picture.Sequence.ToString(CultureInfo.InvariantCulture)),
                .. picture.EdgeId is { } edge ? [new("edge_id", edge.ToString(CultureInfo.InvariantCulture))] : (KeyValuePair<string, string>[])[],
            ],
        });
        return (topic, header.Id);
    }
}
