using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class GateMode(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.EdgeTimes, Capability.CameraGrid)
{
    private const int OpenMs = 210;
    private const long FramePeriodNs = 40_000_000;

    /// <summary>The gate's closing edge and the frame's time are each late by what the processor makes them wait.</summary>
    private const long ToleranceNs = 10_000_000;

    [Fact]
    public async Task An_open_gate_takes_the_frames_that_begin_while_it_is_open()
    {
        Subscription seen = await SubscribeAsync();
        await Appliance.DesireAsync("""
            {
              "version": "1",
              "cameras": [ { "name": "cam0", "kind": "usb", "source": "/dev/video0", "width": 640, "height": 480, "fps": 25,
                             "trigger": { "mode": "gate", "line": "gate", "debounce_ms": 1 } } ]
            }
            """);
        await seen.ReportedAsync("1", "applied");
        // Frames of the first gates after a start may be lost: what is compiled then takes their time.
        MadeEdge warm = (await Bench.PulseAsync(BenchLine.Gate, new(3, 500, OpenMs)))[^1];
        await seen.WaitAsync(3, message => message.IsDetections && Time(message) > warm.Before, "frames of the third gate");
        MadeEdge opened = (await Bench.PulseAsync(BenchLine.Gate, new(1, 1000, OpenMs)))[0];
        await seen.WaitAsync(OpenMs / 40 - 1, message => message.IsDetections && Time(message) > opened.Before, "frames of the gate");
        // Whatever comes late: a second gate's first frame ends the first one's.
        MadeEdge again = (await Bench.PulseAsync(BenchLine.Gate, new(1, 1000, OpenMs)))[0];
        await seen.WaitAsync(message => message.IsDetections && Time(message) > again.Before, "frames of the second gate");
        Message[] answers = [.. seen.Messages.Where(message => message.IsDetections && Time(message) > opened.Before && Time(message) < again.Before)];

        Assert.InRange(answers.Length, 5, 6);
        long close = opened.After + OpenMs * 1_000_000L;
        Assert.All(answers, answer => Assert.InRange(Time(answer), opened.Before, close + ToleranceNs));
        // All of them, from the first on the grid after the gate's opening to the last before its closing.
        Assert.True(Time(answers[0]) - opened.After <= FramePeriodNs + ToleranceNs);
        Assert.True(close - Time(answers[^1]) <= FramePeriodNs + ToleranceNs);
        long[] numbers = [.. answers.Select(answer => (long)answer.Body["frame"]!["sequence"]!)];
        Assert.Equal(Enumerable.Range(0, numbers.Length).Select(i => numbers[0] + i), numbers);
        Measured($"frames in {OpenMs} ms", answers.Length, "");
    }

    private static long Time(Message message) => (long)message.Body["frame"]!["time_ns"]!;
}
