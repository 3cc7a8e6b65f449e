using System.Globalization;
using Yolact.Edge.Telemetry;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>Heat or a weak power supply slows the machine down.</summary>
internal static class ThrottlingCheck
{
    public static Diagnosis Run(CheckContext context)
    {
        MachineFigures figures = context.Figures.Read();
        if (figures.TemperaturesC.Count == 0 && figures.OverCurrentEvents is null && figures.CpuCappedShare is null)
            return Diagnosis.NotApplicable("this machine tells neither temperatures nor throttling");
        List<Diagnosis> parts = [];
        if (figures.TemperaturesC.Count > 0)
        {
            KeyValuePair<string, double> hottest = figures.TemperaturesC.MaxBy(zone => zone.Value);
            string found = string.Create(CultureInfo.InvariantCulture, $"hottest {hottest.Key} {hottest.Value:0.#} C");
            parts.Add(figures.HotZones.Count == 0
                ? Diagnosis.Ok(found)
                : Diagnosis.Warning($"{found}, throttled by {string.Join(", ", figures.HotZones)}",
                    "Cool it better: fan, heat sink, a cooler place."));
        }
        if (figures.OverCurrentEvents is { } events)
        {
            parts.Add(events == 0
                ? Diagnosis.Ok("no over-current since boot")
                : Diagnosis.Warning($"{events} times throttled by over-current since boot",
                    "A stronger power supply, or a smaller power mode."));
        }
        if (figures.CpuCappedShare is > 0 and var share)
        {
            parts.Add(Diagnosis.Warning(string.Create(CultureInfo.InvariantCulture,
                $"a CPU is capped {share:P0} below its maximum"),
                "The power mode or the heat does that; see power_mode."));
        }
        return Diagnosis.Worst(parts);
    }
}
