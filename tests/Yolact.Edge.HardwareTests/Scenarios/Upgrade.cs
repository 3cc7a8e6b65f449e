using System.Diagnostics;
using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class Upgrade(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.Packages)
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task The_package_is_upgraded_and_downgraded_while_edges_come()
    {
        Subscription seen = await SubscribeAsync();
        await InstallAsync(seen, "99.0");
        await InstallAsync(seen, "0.0.1");
    }

    private async Task InstallAsync(Subscription seen, string version)
    {
        string package = await VariantAsync(version);
        await Shell.CopyAsync(package, "/root/variant.deb");
        File.Delete(package);
        int process = await Appliance.ProcessAsync();
        string[] runs = [.. seen.Messages.Where(message => message.Topic == "status").Select(message => (string)message.Body["run"]!).Distinct()];
        await using RemoteProcess edges = Shell.Start("chrt -f 40 rig-lines pulse 0 1000 500000 5000");
        (long before, _) = await Appliance.ClocksAsync();
        await Shell.RunAsync("dpkg --force-downgrade -i /root/variant.deb", timeout: InstallTimeout);

        Assert.Equal(version, await Shell.RunAsync("dpkg-query -Wf '${Version}' yolact-edge"));
        Assert.Equal("active", await Appliance.PropertyAsync("ActiveState"));
        Assert.NotEqual(process, await Appliance.ProcessAsync());
        Message first = await seen.WaitAsync(message => message.IsDetections && !runs.Any(run => message.Id.Contains(run, StringComparison.Ordinal)), $"detections of {version}");
        Assert.Equal("rig", (string?)first.Body["config_version"]);
        // The one before stopped in order, and every edge that it knew was answered or reported once.
        Assert.Empty(seen.Messages.Where(message => message.IsStatus("lost")).Select(message => $"{message}"));
        Message[] known = [.. seen.Messages.Where(message => message.AnswersEdge && message.Id.Contains(runs[^1], StringComparison.Ordinal)).DistinctBy(message => message.Id)];
        Assert.Equal(known.Length, known.Select(message => message.Edge).Distinct().Count());
        if (known.Length > 0)
            Assert.Equal(known.Length, known.Max(message => message.Edge) - known.Min(message => message.Edge) + 1);
        Measured($"to {version}: installation until READY", await Appliance.ActiveSinceMsAsync() / 1000 - before / 1e9, "s");
    }

    private static async Task<string> VariantAsync(string version)
    {
        string tree = Directory.CreateTempSubdirectory("hil-").FullName, package = tree + ".deb";
        string script = $"dpkg-deb -R {BenchFixture.Variable("HIL_DEB")} {tree} && sed -i 's/^Version: .*/Version: {version}/' {tree}/DEBIAN/control"
            + $" && dpkg-deb --root-owner-group -Zzstd -z1 -b {tree} {package} >/dev/null; rm -rf {tree}";
        using Process process = Process.Start("sh", ["-c", script]);
        await process.WaitForExitAsync();
        return File.Exists(package) ? package : throw new InvalidOperationException("dpkg-deb made no variant of the package.");
    }
}
