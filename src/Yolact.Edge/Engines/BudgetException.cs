using System.Globalization;
using Yolact.Edge.Vision.Engines.Memory;

namespace Yolact.Edge.Engines;

/// <summary>The network takes more memory than it may, and the configuration says that this is a failure.</summary>
/// <param name="use">What it takes.</param>
/// <param name="budgetMib">What it may take, in MiB.</param>
public sealed class BudgetException(MemoryUse use, int budgetMib) : Exception(Words(use, budgetMib)
    + " Raise engine/memory_budget_mib, take a smaller model, or set engine/over_budget to degrade.")
{
    /// <summary>The fact alone.</summary>
    internal static string Words(MemoryUse use, int budgetMib) => string.Create(CultureInfo.InvariantCulture,
        $"The network takes {use.Mib:F0} MiB after its warm-up (measured as {use.Source}), and its budget is {budgetMib} MiB.");
}
