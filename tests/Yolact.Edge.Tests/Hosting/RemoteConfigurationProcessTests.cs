using System.Security.Cryptography;
using System.Text.Json;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Tests.Models;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>The real program, steered over a broker by an operator, and killed at bad moments.</summary>
public sealed class RemoteConfigurationProcessTests
{
    [Fact]
    public async Task What_locks_the_device_out_is_taken_back_by_itself_and_not_tried_again_through_kill_minus_nine()
    {
        await using RunningProgram program = await RunningProgram.CreateAsync(12883);
        string local = Local(program, TinyModel.Write(program.Folder, "tiny"));
        program.Start(local);
        await program.DetectionsAsync("local");

        await program.DesireAsync("""{"version":"1","detector":{"score_threshold":0.06}}""");
        AssertReport(await program.ReportAsync("1"), "applied", 200, "1");
        await program.DetectionsAsync("1");

        // A broker that is not there.
        const string Dead = """{"version":"2","mqtt":{"port":1}}""";
        await program.DesireAsync(Dead);
        AssertReport(await program.ReportAsync("2"), "rolled_back", 417, "1", "/mqtt");
        await program.KillAsync();
        program.Start(local);
        AssertReport(await program.ReportAsync("2"), "rolled_back", 417, "1", "/mqtt");
        await program.DetectionsAsync("1");

        // A camera that gives no frame, and death on trial.
        const string Blind = """{"version":"3","cameras":[{"kind":"rtsp","source":"rtsp://127.0.0.1:1/none"}]}""";
        await program.DesireAsync(Blind);
        await program.MessageAsync("config/reported", report => report.GetProperty("state").GetString() is "probation" or "rolled_back" && report.GetProperty("desired_version").GetString() == "3");
        await program.KillAsync();
        program.Start(local);
        JsonElement report = await program.ReportAsync("3");
        AssertReport(report, "rolled_back", 417, "1");
        await program.DetectionsAsync("1");

        await program.DesireAsync("""{"version":"4","detector":{"score_threshold":5},"cameras":[{"kind":"magic"}],"device":"other"}""");
        AssertReport(await program.ReportAsync("4"), "rejected", 400, "1", "/detector/score_threshold", "/cameras/0/kind", "/device");
        await program.DesireAsync("""{"version":"0"}""");
        AssertReport(await program.ReportAsync("0"), "rejected", 409, "1", "/version");

        // Another frame rate: capture is made anew.
        await program.DesireAsync("""{"version":"5","cameras":[{"fps":7}]}""");
        AssertReport(await program.ReportAsync("5"), "applied", 200, "5");
        await program.DetectionsAsync("5");
    }

    [Fact]
    public async Task A_bad_local_file_with_a_known_broker_leads_to_safe_mode_and_out_of_it()
    {
        await using RunningProgram program = await RunningProgram.CreateAsync(13883);
        ModelFiles model = TinyModel.Write(program.Folder, "tiny");
        string bad = Local(program, model).Replace("\"web\":", "\"surprise\":1,\"belt\":{\"speed\":\"fast\"},\"web\":", StringComparison.Ordinal);
        program.Start(bad);
        JsonElement report = await program.ReportAsync(null);
        AssertReport(report, "rejected", 400, null, "/surprise", "/belt/speed");
        await program.MessageAsync("status", status => status.GetProperty("state").GetString() == "safe_mode");
        Assert.True(program.IsRunning);

        await program.DesireAsync("""{"version":"1"}""");
        AssertReport(await program.ReportAsync("1"), "applied", 200, "1");
        await program.DetectionsAsync("1");
        await program.MessageAsync("status", status => status.GetProperty("state").GetString() == "ready");

        // The last good document is complete in itself: the next start needs no good file.
        await program.KillAsync();
        program.Start("no JSON at all");
        await program.DetectionsAsync("1");
    }

    [Fact]
    public async Task A_model_is_fetched_tested_and_exchanged_and_a_wrong_one_is_not()
    {
        await using RunningProgram program = await RunningProgram.CreateAsync(14883);
        await using LocalHub server = await LocalHub.StartAsync(1);
        server.Content = await File.ReadAllBytesAsync(TinyModel.Write(Path.Combine(program.Folder, "new"), "next", 0.25f).Main, TestContext.Current.CancellationToken);
        string hash = Convert.ToHexStringLower(SHA256.HashData(server.Content)), url = new Uri(server.Endpoint, "bytes/next.onnx").AbsoluteUri;
        program.Start(Local(program, TinyModel.Write(program.Folder, "tiny")));
        Assert.Equal("tiny", ModelOf(await program.DetectionsAsync("local")).Name);

        await program.DesireAsync($$"""{"version":"1","model":{"download":{"url":"{{url}}","sha256":"{{new string('0', 64)}}"} } }""");
        AssertReport(await program.ReportAsync("1"), "rolled_back", 417, "local", "/model");
        Assert.Equal("tiny", ModelOf(await program.DetectionsAsync("local")).Name);

        await program.DesireAsync($$"""{"version":"2","model":{"download":{"url":"{{url}}","sha256":"{{hash}}"} } }""");
        AssertReport(await program.ReportAsync("2"), "applied", 200, "2");
        Assert.Equal(("next", hash), ModelOf(await program.DetectionsAsync("2")));

        // What must be seen in the self-test picture is not.
        await program.DesireAsync("""{"version":"3","model":{"self_test":{"min_objects":100}},"detector":{"max_detections":5} }""");
        AssertReport(await program.ReportAsync("3"), "rolled_back", 417, "2", "/model/self_test");
        Assert.Equal(("next", hash), ModelOf(await program.DetectionsAsync("2")));

        // Without a network: the fetched model is on the disk.
        await server.DisposeAsync();
        await program.KillAsync();
        program.Start(Local(program, new ModelFiles(Path.Combine(program.Folder, "tiny.onnx"))));
        Assert.Equal(("next", hash), ModelOf(await program.DetectionsAsync("2")));
    }

    private static string Local(RunningProgram program, ModelFiles model) => $$"""
        {
          "device": "bench",
          "mqtt": { "host": "127.0.0.1", "port": {{program.Port}}, "reconnect_max_s": 1 },
          "model": { "path": "{{model.Main}}" },
          "detector": { "score_threshold": 0.05, "final_threshold": 0, "max_detections": 5 },
          "cameras": [ { "fps": 10 } ],
          "remote": { "probation_s": 30 },
          "web": { "port": {{program.Port + 1}} }
        }
        """;

    private static (string Name, string Sha256) ModelOf(JsonElement detections)
    {
        JsonElement model = detections.GetProperty("model");
        return (model.GetProperty("name").GetString()!, model.GetProperty("sha256").GetString()!);
    }

    private static void AssertReport(JsonElement report, string state, int code, string? applied, params string[] pointers)
    {
        Assert.Equal((state, code, applied), (report.GetProperty("state").GetString(), report.GetProperty("code").GetInt32(), report.GetProperty("applied_version").GetString()));
        string[] reported = [.. report.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!)];
        Assert.All(pointers, pointer => Assert.Contains(pointer, reported));
    }
}
