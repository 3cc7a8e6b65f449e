using System.Diagnostics;

namespace Yolact.Edge.Tests.Systemd;

/// <summary>The unit as systemd itself judges it.</summary>
public sealed class UnitTests
{
    private static readonly string Units = Path.Combine(AppContext.BaseDirectory, "systemd");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Systemd_understands_every_line(bool jetson)
    {
        using var folder = new UnitFolder(jetson);
        // It exits with 0 on unknown keys: what it prints about this unit is what counts.
        string output = Run("verify", folder.Unit).Output;
        Assert.DoesNotContain("yolact-edge",
            string.Join('\n', output.Split('\n').Where(line => !line.Contains("man page", StringComparison.Ordinal))),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yolact-edge-provision.service", "/usr/lib/yolact-edge/provision")]
    [InlineData("yolact-edge-argus.service", "/bin/systemctl")]
    [InlineData("yolact-edge-argus.path", "/no/program")]
    public void Systemd_understands_the_other_units(string name, string program)
    {
        using var folder = new UnitFolder(jetson: false);
        string unit = Path.Combine(Path.GetDirectoryName(folder.Unit)!, name);
        foreach (string file in Directory.EnumerateFiles(Units, "yolact-edge-*"))
        {
            string text = File.ReadAllText(file).Replace(program, "/bin/true", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(folder.Unit)!, Path.GetFileName(file)), text);
        }
        Assert.DoesNotContain("yolact-edge", Run("verify", unit).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_line_would_be_noticed()
    {
        using var folder = new UnitFolder(jetson: false);
        File.AppendAllText(folder.Unit, "\n[Service]\nNoSuchSetting=yes\n");
        Assert.Contains("NoSuchSetting", Run("verify", folder.Unit).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "15")]
    [InlineData(true, "17")]
    public void Its_exposure_is_at_most_what_is_promised(bool jetson, string tenths)
    {
        using var folder = new UnitFolder(jetson);
        (int code, string output) = Run("security", "--offline=true", "--no-pager", $"--threshold={tenths}", folder.Unit);
        Assert.True(code == 0, output);
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        const string Program = "/usr/bin/systemd-analyze";
        Assert.SkipUnless(File.Exists(Program), "No systemd-analyze: install systemd.");
        using Process process = Process.Start(
            new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>The unit with a program that exists, since it is not installed here.</summary>
    private sealed class UnitFolder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("units-").FullName;

        public UnitFolder(bool jetson)
        {
            Unit = Path.Combine(_path, "yolact-edge.service");
            string text = File.ReadAllText(Path.Combine(Units, "yolact-edge.service"));
            File.WriteAllText(Unit, text.Replace("/usr/lib/yolact-edge/yolact-edge", "/bin/true", StringComparison.Ordinal));
            if (!jetson)
                return;
            string dropIns = Directory.CreateDirectory(Unit + ".d").FullName;
            File.Copy(Path.Combine(Units, "yolact-edge.service.d", "jetson.conf"), Path.Combine(dropIns, "jetson.conf"));
        }

        public string Unit { get; }

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
