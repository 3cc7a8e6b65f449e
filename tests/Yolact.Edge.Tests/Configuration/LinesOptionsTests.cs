using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Configuration;
using Yolact.Edge.Rules;

namespace Yolact.Edge.Tests.Configuration;

public sealed class LinesOptionsTests
{
    private static readonly ApplianceOptions Good = new()
    {
        Cameras = [new CameraOptions { Name = "cam0", Trigger = new TriggerOptions { Mode = TriggerMode.Edge, Line = "barrier" } }],
        Gpio = new GpioOptions
        {
            Inputs = [new() { Name = "barrier" }],
            Outputs = [new() { Name = "busy" }, new() { Name = "ready" }, new() { Name = "light" }, new() { Name = "reject" }],
        },
        Lines = new LinesOptions { Busy = "busy", Ready = "ready", Strobe = new StrobeOptions { Line = "light", DelayMs = 2 } },
    };

    [Fact]
    public void Lines_of_their_own_are_fine() => Assert.Empty(Errors(Good));

    [Fact]
    public void A_line_has_one_meaning_and_has_to_exist()
    {
        Assert.Equal(["/lines/ready"], Errors(Good with { Lines = new LinesOptions { Busy = "busy", Ready = "busy" } }));
        Assert.Equal(["/lines/strobe/line"], Errors(Good with { Lines = Good.Lines with { Strobe = new StrobeOptions { Line = "ready" } } }));
        Assert.Equal(["/lines/strobe/line"], Errors(Good with { Lines = Good.Lines with { Strobe = new StrobeOptions() } }));
        var rule = new RuleOptions { Name = "r", Conditions = [new()], Output = new RuleOutputOptions { Line = "light" } };
        Assert.Equal(["/rules/0/output/line"], Errors(Good with { Rules = [rule] }));
    }

    [Fact]
    public void All_of_a_strobes_times_are_checked_at_once()
    {
        var strobe = new StrobeOptions { Line = "light", DelayMs = -1, PulseMs = 0, DeadlineMs = double.NaN };
        Assert.Equal(
            ["/lines/strobe/delay_ms", "/lines/strobe/pulse_ms", "/lines/strobe/deadline_ms"],
            Errors(Good with { Lines = Good.Lines with { Strobe = strobe } }));
    }

    [Fact]
    public void A_light_that_follows_edges_needs_edges()
    {
        ApplianceOptions free = Good with { Cameras = [Good.Cameras[0] with { Trigger = new TriggerOptions() }] };
        Assert.Equal(["/lines/strobe"], Errors(free));
        ApplianceOptions unlit = free with { Lines = Good.Lines with { Strobe = null } };
        Assert.Empty(Errors(unlit));
    }

    private static string[] Errors(ApplianceOptions options)
    {
        List<string> pointers = [];
        ApplianceValidator.Validate(options, (pointer, _) => pointers.Add(pointer));
        return [.. pointers];
    }
}
