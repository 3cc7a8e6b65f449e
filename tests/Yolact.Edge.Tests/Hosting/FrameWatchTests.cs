using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Hosting;

namespace Yolact.Edge.Tests.Hosting;

public class FrameWatchTests
{
    private readonly FrameWatch _watch = new();

    [Fact]
    public void A_starting_appliance_is_none_of_its_concern() => Assert.True(_watch.IsAlive(null));

    [Fact]
    public void The_first_look_knows_too_little() => Assert.True(_watch.IsAlive(Flow(pending: 3)));

    [Theory]
    // Free-running: frames are captured and finished.
    [InlineData(TriggerMode.FreeRun, CameraState.Running, 1, 0, 1, true)]
    [InlineData(TriggerMode.FreeRun, CameraState.Running, 0, 0, 0, false)]
    [InlineData(TriggerMode.FreeRun, CameraState.Running, 5, 2, 0, false)]
    // Waiting for an edge: the camera has to deliver, nothing has to be finished.
    [InlineData(TriggerMode.Edge, CameraState.Running, 5, 0, 0, true)]
    [InlineData(TriggerMode.Edge, CameraState.Running, 0, 0, 0, false)]
    [InlineData(TriggerMode.Software, CameraState.Running, 5, 0, 0, true)]
    // A frame was accepted and the network does not come back.
    [InlineData(TriggerMode.Edge, CameraState.Running, 5, 1, 0, false)]
    [InlineData(TriggerMode.Edge, CameraState.Running, 5, 1, 1, true)]
    // The sensor is triggered: silence is normal.
    [InlineData(TriggerMode.Hardware, CameraState.Running, 0, 0, 0, true)]
    [InlineData(TriggerMode.Hardware, CameraState.Running, 0, 1, 0, false)]
    // The recovery ladder's concern, or nobody's.
    [InlineData(TriggerMode.FreeRun, CameraState.Stalled, 0, 0, 0, true)]
    [InlineData(TriggerMode.FreeRun, CameraState.Waiting, 0, 0, 0, true)]
    [InlineData(TriggerMode.FreeRun, CameraState.Ended, 0, 0, 0, true)]
    [InlineData(TriggerMode.FreeRun, CameraState.Ended, 0, 1, 0, false)]
    public void Frames_have_to_move_where_they_should(TriggerMode mode, CameraState camera, long captured, int pending, long done, bool alive)
    {
        Assert.True(_watch.IsAlive(new FrameFlow(camera, mode, 100, pending, 50)));
        Assert.Equal(alive, _watch.IsAlive(new FrameFlow(camera, mode, 100 + captured, pending, 50 + done)));
    }

    private static FrameFlow Flow(int pending) => new(CameraState.Running, TriggerMode.FreeRun, 0, pending, 0);
}
