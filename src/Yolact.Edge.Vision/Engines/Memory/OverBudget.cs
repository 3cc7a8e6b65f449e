namespace Yolact.Edge.Vision.Engines.Memory;

/// <summary>What happens to a start that takes more memory than its budget.</summary>
public enum OverBudget
{
    /// <summary>
    /// It starts anew with smaller caps: workspace, memory pools and re-scoring batches. Where the smallest are still over the budget it runs
    /// on and says so.
    /// </summary>
    Degrade,

    /// <summary>It fails, and says by how much.</summary>
    Fail,
}
