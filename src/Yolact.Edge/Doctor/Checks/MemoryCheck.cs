using System.Globalization;
using Yolact.Edge.Telemetry;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>There is memory for the network beside what runs.</summary>
internal static class MemoryCheck
{
    // What the program takes beside network and runtime.
    private const double ProgramMiB = 300;

    public static Diagnosis Run(CheckContext context)
    {
        MachineFigures figures = context.Figures.Read();
        if (figures.MemoryAvailableMiB is not { } available || figures.MemoryTotalMiB is not { } total)
            return Diagnosis.NotApplicable("/proc/meminfo says nothing of memory");
        string found = string.Create(CultureInfo.InvariantCulture, $"{available:0} MiB of {total:0} MiB available");
        if (figures.GpuMemoryMiB is { } gpu)
            found += string.Create(CultureInfo.InvariantCulture, $", {gpu:0} MiB taken by the GPU");
        int budget = context.Options?.Detector.Engine.MemoryBudgetMib ?? EngineOptions.DefaultMemoryBudgetMib;
        return available >= budget + ProgramMiB
            ? Diagnosis.Ok(found)
            : Diagnosis.Warning(found,
                $"The network may take {budget} MiB and the program takes about {ProgramMiB:0} more. Stop the desktop (systemctl"
                + " set-default multi-user.target) and other programs, or lower detector/engine/memory_budget_mib.");
    }
}
