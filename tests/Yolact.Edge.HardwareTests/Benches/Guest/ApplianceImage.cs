using System.Diagnostics;
using System.Security.Cryptography;

namespace Yolact.Edge.HardwareTests.Benches.Guest;

/// <summary>
/// The guest's disk with the package installed and a snapshot of the appliance running and ready. Made once for a guest, a package and a
/// configuration, and kept in the cache; only the newest one is.
/// </summary>
public static class ApplianceImage
{
    /// <summary>The snapshot's name.</summary>
    public const string Snapshot = "ready";

    private const int WarmUpEdges = 100;

    /// <summary>Makes the image unless it is there.</summary>
    /// <param name="cache">The cache's folder.</param>
    /// <param name="guest">What rig/guest.sh made, a folder in it.</param>
    /// <param name="package">The .deb of this machine's architecture.</param>
    /// <returns>The image's path.</returns>
    public static async Task<string> MakeAsync(string cache, string guest, string package)
    {
        string folder = Path.Combine(cache, $"appliance-{await MadeFromAsync(guest, package)}");
        string image = Path.Combine(folder, "disk.qcow2");
        if (File.Exists(image))
            return image;
        foreach (string old in Directory.GetDirectories(cache, "appliance-*"))
            Directory.Delete(old, recursive: true);
        string part = folder + ".part";
        Directory.CreateDirectory(part);
        await InstallAsync(guest, package, part);
        Directory.Move(part, folder);
        return image;
    }

    private static async Task InstallAsync(string guest, string package, string folder)
    {
        string disk = Path.Combine(folder, "disk.qcow2"), files = Path.Combine(folder, "files");
        await ToolAsync("qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", Path.Combine(guest, "base.qcow2"), disk);
        // The program makes its network here: in the guest it would take longer than all the rest.
        await ToolAsync("dpkg-deb", "-x", package, files);
        await ToolAsync(Path.Combine(files, "usr/lib/yolact-edge/yolact-edge"), "model", "import", "--synthetic", BenchFixture.Configuration("network.json"), "-o", folder);
        Directory.Delete(files, recursive: true);

        await using var machine = new Qemu(guest, disk);
        await machine.StartAsync();
        Shell shell = machine.Shell;
        await shell.CopyAsync(package, "/tmp/yolact-edge.deb");
        await shell.RunAsync("mkdir -p /etc/yolact-edge /var/lib/yolact-edge");
        await shell.CopyAsync(BenchFixture.Configuration("rig.json"), "/etc/yolact-edge/appliance.json");
        await shell.CopyAsync(Directory.GetFiles(folder, "*.onnx").Single(), "/var/lib/yolact-edge/rig.onnx");
        // dpkg starts the service and waits until it is ready.
        await shell.RunAsync("dpkg --force-confold -i /tmp/yolact-edge.deb && rm /tmp/yolact-edge.deb && systemctl is-active yolact-edge",
            timeout: TimeSpan.FromMinutes(20));
        var appliance = new Appliance(shell);
        await using (Subscription seen = await appliance.SubscribeAsync())
        {
            await seen.WaitAsync(message => message.IsStatus("ready"), "status ready");
            // A program that has run for a while: what is done often is compiled for good.
            await shell.RunAsync($"{GuestBench.MakeEdges} 0 {WarmUpEdges} 100000 5000");
            await seen.WaitAsync(WarmUpEdges, message => message.AnswersEdge, "answers");
        }
        await shell.RunAsync("sync");
        await shell.DisconnectAsync();
        await machine.SaveAsync(Snapshot);
    }

    private static async Task<string> MadeFromAsync(string guest, string package)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(guest)));
        foreach (string file in (string[])[package, BenchFixture.Configuration("rig.json"), BenchFixture.Configuration("network.json")])
            hash.AppendData(await File.ReadAllBytesAsync(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static async Task ToolAsync(string tool, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{tool} failed with {process.ExitCode}: {await error}{await output}");
    }
}
