using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Yolact.Edge.Commands;
using Yolact.Edge.Doctor;
using Yolact.Edge.Tests.Telemetry;

namespace Yolact.Edge.Tests.Doctor;

/// <summary>The report and its exit code.</summary>
public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Defaults_on_a_pc_fail_nothing()
    {
        using var tree = new RecordedTree("pc.txt");
        (int code, JsonElement report) = await RunAsync("--root", tree.Root);
        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(CheckList.Names, report.GetProperty("findings").EnumerateArray()
            .Select(finding => finding.GetProperty("check").GetString()!));
        JsonElement jetPack = report.GetProperty("findings").EnumerateArray()
            .Single(finding => finding.GetProperty("check").GetString() == "jetpack");
        Assert.Equal("not_applicable", jetPack.GetProperty("verdict").GetString());
        Assert.Equal(JsonValueKind.Null, jetPack.GetProperty("advice").ValueKind);
    }

    [Fact]
    public async Task A_camera_that_is_not_there_fails_the_machine()
    {
        using var tree = new RecordedTree("pc.txt");
        (int code, JsonElement report) = await RunAsync("--root", tree.Root, "--set", "cameras/0/kind=usb", "--set",
            "cameras/0/source=/dev/video7");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal("failed", report.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task A_bad_configuration_is_reported_like_an_illness()
    {
        using var tree = new RecordedTree("pc.txt");
        (int code, JsonElement report) = await RunAsync("--root", tree.Root, "--set", "web/port=0");
        Assert.Equal(ExitCode.Failed, code);
        JsonElement configuration = report.GetProperty("findings")[0];
        Assert.Equal("failed", configuration.GetProperty("verdict").GetString());
        Assert.Contains("/web/port", configuration.GetProperty("found").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_worst_finding_is_the_reports()
    {
        static Finding Of(Verdict verdict) => new("c", verdict, "f", null);
        Assert.Equal(Verdict.Ok, DoctorReport.Of("m", [Of(Verdict.NotApplicable)]).Verdict);
        Assert.Equal(Verdict.Warning,
            DoctorReport.Of("m", [Of(Verdict.Ok), Of(Verdict.Warning), Of(Verdict.NotApplicable)]).Verdict);
        Assert.Equal(Verdict.Failed, DoctorReport.Of("m", [Of(Verdict.Failed), Of(Verdict.Warning)]).Verdict);
    }

    private static async Task<(int Code, JsonElement Report)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        int code = await YolactEdgeCommand.Create().Parse(["doctor", "--json", .. arguments])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output }, TestContext.Current.CancellationToken);
        using JsonDocument document = JsonDocument.Parse(output.ToString());
        return (code, document.RootElement.Clone());
    }
}
