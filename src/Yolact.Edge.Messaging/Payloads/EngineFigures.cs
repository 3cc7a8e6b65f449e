namespace Yolact.Edge.Messaging.Payloads;

/// <summary>What runs the network, and what it takes.</summary>
/// <param name="Provider"><c>tensorrt</c>, <c>cuda</c> or <c>cpu</c>.</param>
/// <param name="PassedOver">Those that would have been preferred, best first.</param>
/// <param name="Engine">Name of TensorRT's engine in the cache; null where none is used.</param>
/// <param name="BuildS">Seconds that its build took at this start; null where it was not built now.</param>
/// <param name="MemoryMib">What network and runtime took after the warm-up, in MiB.</param>
/// <param name="MemorySource">What was measured: <c>rss</c>, <c>rss+nvmap</c> (a Jetson) or <c>rss+nvml</c> (a discrete GPU).</param>
/// <param name="BudgetMib">What they may take, in MiB.</param>
/// <param name="WithinBudget">Whether they take no more than that.</param>
/// <param name="WorkspaceMib">TensorRT's scratch memory at most, in MiB; null without TensorRT.</param>
/// <param name="RescoringBatch">Masks that are re-scored in one run, at most.</param>
/// <param name="Notes">What a person should know: smaller caps, a budget that was not kept.</param>
public sealed record EngineFigures(
    string Provider,
    IReadOnlyList<PassedOverProvider> PassedOver,
    string? Engine,
    double? BuildS,
    double MemoryMib,
    string MemorySource,
    int BudgetMib,
    bool WithinBudget,
    int? WorkspaceMib,
    int RescoringBatch,
    IReadOnlyList<string> Notes);

/// <summary>A provider that would have been preferred.</summary>
/// <param name="Provider">Which.</param>
/// <param name="Reason">Why it was not taken.</param>
public sealed record PassedOverProvider(string Provider, string Reason);
