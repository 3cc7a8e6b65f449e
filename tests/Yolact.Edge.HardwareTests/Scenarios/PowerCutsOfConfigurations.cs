using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>Remote configurations come one after another, and each exchanges the model. One that was reported as applied is on the disk.</summary>
[Trait("tier", "full")]
public sealed class PowerCutsOfConfigurations(BenchFixture fixture) : PowerCuts(fixture, Capability.DriveInputs)
{
    // The same network under another hash: an ONNX file may be followed by a comment (field 6 of its message).
    private const string SecondModel =
        "cd /var/lib/yolact-edge && { cat rig.onnx; printf '\\x32\\x03two'; } > two.onnx && chown yolact-edge: two.onnx && chmod 0640 two.onnx && sync";

    private const string Documents = """
        for version in $(seq 1 1000); do
            model=rig; [ $((version % 2)) = 0 ] || model=two
            mosquitto_pub -h 127.0.0.1 -q 1 -r -t yolact/1/rig/config/desired \
                -m "{\"version\":\"$version\",\"remote\":{},\"model\":{\"path\":\"/var/lib/yolact-edge/$model.onnx\"}}"
            until mosquitto_sub -h 127.0.0.1 -C 1 -t yolact/1/rig/config/reported | grep -q "\"desired_version\":\"$version\".*\"state\":\"applied\""; do
                sleep 0.5
            done
            echo $version
        done
        """;

    [Fact]
    public async Task Power_cuts_while_configurations_and_models_change_leave_a_valid_one() =>
        await CutAsync(TimeSpan.FromSeconds(30), BeginAsync, writing => ((RemoteProcess)writing).Lines.Length, JudgeAsync);

    private async Task<IAsyncDisposable> BeginAsync()
    {
        await Shell.RunAsync(SecondModel);
        return Shell.Start(Documents);
    }

    private async Task JudgeAsync(int applied)
    {
        Subscription seen = await SubscribeAsync();
        // One that had not proved itself when the power went is taken back; the one before runs.
        Message reported = await seen.WaitAsync(
            message => message.Topic == "config/reported" && (string?)message.Body["state"] is "applied" or "rolled_back", "what became of the last configuration");
        await seen.WaitAsync(message => message.IsStatus("ready"), "ready");
        Assert.Equal("0", await Shell.RunAsync("yolact-edge config validate >/dev/null 2>&1; echo $?"));
        Message answer = await FirstAnswerAsync(seen, _ => true);
        int version = int.TryParse((string?)answer.Body["config_version"], out int number) ? number : 0;
        Assert.True(version >= applied, $"version {applied} was applied, {version} runs after the boot; reported: {reported}");
        // Model and configuration belong together.
        string file = version % 2 == 1 ? "two" : "rig";
        Assert.Equal(await Shell.RunAsync($"sha256sum /var/lib/yolact-edge/{file}.onnx | cut -d' ' -f1"), (string?)answer.Body["model"]!["sha256"]);
    }
}
