using System.Globalization;
using Spectre.Console;

namespace Yolact.Edge.Bench;

/// <summary>Prints reports for people.</summary>
public static class BenchTable
{
    /// <summary>Prints a report.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">What was found.</param>
    public static void Write(IAnsiConsole console, BenchReport report)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        Line(console, $"{report.Network} ({report.InputSize} px, {report.Numbers}) on {report.Provider}: {report.Pictures} picture(s) of {report.Width} x {report.Height} px, {report.Objects:F1} objects a frame, {report.Frames} frames");
        Line(console, Describe(report.Machine));
        Table table = new Table().AddColumns("ms", "5 %", "median", "95 %", "99 %");
        foreach (BenchPart part in (ReadOnlySpan<BenchPart>)[BenchPart.Graph, BenchPart.Frame, BenchPart.Total])
        {
            foreach (BenchRow row in report.Rows.Where(row => row.Part == part))
                table.AddRow(row.Name, Text($"{row.Percentile5:F2}"), Text($"{row.Median:F2}"), Text($"{row.Percentile95:F2}"), Text($"{row.Percentile99:F2}"));
            if (part != BenchPart.Total && report.Rows.Any(row => row.Part == part))
                table.AddEmptyRow();
        }
        console.Write(table);
        Line(console, $"{1000 / report.MedianOf(BenchRow.WholeFrame)!.Value:F2} frames a second; whole frame : bare engine run = {report.Ratio:F3}; {report.Overhead * 100:F2} % of the frame is not a network's");
        if (report.StageSum is { } sum)
            Line(console, $"sum of the stages : whole graph = {sum:F3}; {(report.Provider == "Cpu" ? "copy: none, the engine writes its outputs where they are read" : "copies to and from the device are part of the whole graph and of each stage")}");
        Line(console, $"{report.AllocatedBytes:F0} managed bytes a frame; {report.MemoryMiB:F0} MiB resident");
        if (report.Worker is { } worker)
            Write(console, worker);
    }

    /// <summary>Prints what was published by others, with this measurement below.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">What was found.</param>
    public static void WritePublished(IAnsiConsole console, BenchReport report)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        Table table = new Table().AddColumns("method, 550 px", "backbone", "machine", "frames/s", "COCO mask AP", "source");
        foreach (PublishedFigure figure in PublishedFigure.All)
            table.AddRow(figure.Method, figure.Backbone, figure.Machine, Text($"{figure.Fps:F1}"), Text($"{figure.MaskAp:F1}"), figure.Source);
        table.AddRow(
            Markup.Escape($"{report.Network} ({report.InputSize} px, {report.Numbers})"), "", Markup.Escape(report.Machine.Name),
            Text($"{1000 / report.MedianOf(BenchRow.WholeFrame)!.Value:F1}"), "", "measured now, frame to message");
        console.Write(table);
    }

    /// <summary>Prints two reports side by side.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="before">The saved one.</param>
    /// <param name="now">The new one.</param>
    public static void WriteComparison(IAnsiConsole console, BenchReport before, BenchReport now)
    {
        ArgumentNullException.ThrowIfNull(console);
        Table table = new Table().AddColumns("median, ms", "before", "now", "now : before");
        foreach ((string name, double was, double became, double ratio) in BenchComparison.Ratios(before, now))
            table.AddRow(name, Text($"{was:F2}"), Text($"{became:F2}"), Text($"{ratio:F3}"));
        console.Write(table);
    }

    private static void Write(IAnsiConsole console, WorkerReport worker)
    {
        Line(console, $"worker {worker.WorkerFps:F2} frames a second, bare engine loop {worker.EngineFps:F2}, ratio {worker.Ratio:F3} ({worker.Rounds} alternating rounds of {worker.FramesPerRound} frames, {worker.Objects:F1} objects a frame, {worker.Published} messages sent)");
        Line(console, $"CPU a frame: {worker.WorkerCpuMs:F2} ms, the engine's {worker.EngineCpuMs:F2} ms, so {worker.OtherCpuMs:F2} ms are not the engine's (the re-scoring network's runs take {worker.RescoringMs:F2} ms)");
    }

    private static string Describe(MachineState machine)
    {
        List<string> parts = [machine.Name];
        if (machine.PowerMode is { } mode)
            parts.Add($"power mode {mode}");
        if (machine.CpuMhz is { } cpu)
            parts.Add(Text($"CPU at {cpu:F0} MHz"));
        if (machine.GpuMhz is { } gpu)
            parts.Add(Text($"GPU at {gpu:F0} MHz"));
        if (machine.TemperaturesC.Count > 0)
            parts.Add(Text($"hottest zone {machine.TemperaturesC.MaxBy(zone => zone.Value).Key} {machine.TemperaturesC.Values.Max():F1} C"));
        if (machine.Load is { } load)
            parts.Add(Text($"load {load:F1}"));
        return string.Join(", ", parts);
    }

    private static void Line(IAnsiConsole console, FormattableString text) => Line(console, Text(text));

    private static void Line(IAnsiConsole console, string text) => console.WriteLine(text);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
