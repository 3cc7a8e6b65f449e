using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Yolact.Edge.Bench;
using Yolact.Edge.Configuration;
using Yolact.Edge.Doctor;

namespace Yolact.Edge.Commands;

/// <summary><c>doctor</c>: checks a machine and says what to do.</summary>
public static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string?> config = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        var root = new Option<string>("--root")
        {
            Description = "The folder that stands for / where the machine's files are read.",
            DefaultValueFactory = _ => "/",
            HelpName = "FOLDER",
        };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command("doctor", """
            Check whether this machine can do what the configuration asks for, and say what to do where it cannot: JetPack,
            libraries, memory, camera, GPIO, broker, clock, storage, power, permissions, hardening. Nothing is changed.
            As the service sees it:

              sudo -u yolact-edge yolact-edge doctor

            Exit codes: 0 nothing failed (warnings may be there); 1 a check failed; 2 the command line cannot be read.
            """)
        { config, settings, root, json };
        command.SetAction((result, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            CheckContext context = Context(result.GetValue(config), result.GetValue(settings), result.GetRequiredValue(root));
            bool machine = result.GetValue(json);
            List<Finding> findings = [];
            await foreach (Finding finding in CheckList.RunAsync(context, cancellation))
            {
                findings.Add(finding);
                if (!machine)
                    Print(finding);
            }
            DoctorReport report = DoctorReport.Of(Machine.Describe(), findings);
            string text = machine
                ? JsonSerializer.Serialize(report, DoctorJson.Default.DoctorReport)
                : $"\n{Count(Verdict.Failed)} failed, {Count(Verdict.Warning)} warnings, {Count(Verdict.Ok)} ok,"
                    + $" {Count(Verdict.NotApplicable)} not applicable";
            await result.InvocationConfiguration.Output.WriteLineAsync(text);
            return report.Verdict == Verdict.Failed ? ExitCode.Failed : ExitCode.Ok;

            int Count(Verdict verdict) => findings.Count(finding => finding.Verdict == verdict);
        }));
        return command;
    }

    // A configuration that cannot be used is a finding like any other.
    private static CheckContext Context(string? config, string[]? settings, string root)
    {
        try
        {
            LoadedConfiguration loaded = ConfigurationLoader.Load(config, settings);
            bool isRead = config is not null || File.Exists(ConfigurationLoader.DefaultPath);
            return new(root, loaded.Options) { Source = isRead ? loaded.Source : null };
        }
        catch (InvalidConfigurationException error)
        {
            return new(root, null) { Source = config ?? ConfigurationLoader.DefaultPath, Errors = error.Errors };
        }
    }

    private static void Print(Finding finding)
    {
        string verdict = finding.Verdict switch
        {
            Verdict.Ok => "[green]ok     [/]",
            Verdict.Warning => "[yellow]warning[/]",
            Verdict.Failed => "[red]failed [/]",
            _ => "[grey]-      [/]",
        };
        AnsiConsole.MarkupLine($"{verdict} {finding.Check,-15} {Markup.Escape(finding.Found)}");
        if (finding.Advice is not null)
            AnsiConsole.MarkupLine($"{"",23} -> {Markup.Escape(finding.Advice)}");
    }
}
