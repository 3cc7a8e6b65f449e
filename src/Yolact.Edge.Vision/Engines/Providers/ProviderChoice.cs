namespace Yolact.Edge.Vision.Engines.Providers;

/// <summary>What runs the network, and why not something better.</summary>
/// <param name="Provider">The one that was chosen.</param>
/// <param name="PassedOver">Those that would have been preferred, best first.</param>
public sealed record ProviderChoice(ExecutionProvider Provider, IReadOnlyList<PassedOver> PassedOver)
{
    // What ONNX Runtime calls them, best first.
    private static readonly (ExecutionProvider Provider, string Listed)[] Preference =
    [
        (ExecutionProvider.Tensorrt, "TensorrtExecutionProvider"),
        (ExecutionProvider.Cuda, "CUDAExecutionProvider"),
        (ExecutionProvider.Cpu, "CPUExecutionProvider"),
    ];

    /// <summary>
    /// Tries providers in order of preference until one works. That the library lists one says only that it was compiled in: what counts is the
    /// attempt.
    /// </summary>
    /// <typeparam name="T">What an attempt gives.</typeparam>
    /// <param name="wish">One provider, or <see cref="ExecutionProvider.Auto"/>.</param>
    /// <param name="listed">Providers that the native library lists, under ONNX Runtime's names.</param>
    /// <param name="attempt">Makes and warms up what runs the network.</param>
    /// <exception cref="EngineException">None works, or the one that was asked for does not.</exception>
    public static (T Result, ProviderChoice Choice) Choose<T>(ExecutionProvider wish, IReadOnlyCollection<string> listed, Func<ExecutionProvider, T> attempt)
    {
        ArgumentNullException.ThrowIfNull(listed);
        ArgumentNullException.ThrowIfNull(attempt);
        var passedOver = new List<PassedOver>();
        bool lasting = true;
        foreach ((ExecutionProvider provider, string name) in Preference.Where(one => wish == ExecutionProvider.Auto || one.Provider == wish))
        {
            if (!listed.Contains(name))
            {
                passedOver.Add(new(provider, $"the native library was built without it (it has {string.Join(", ", listed)})"));
                continue;
            }
            try
            {
                return (attempt(provider), new ProviderChoice(provider, passedOver));
            }
            catch (EngineException error)
            {
                passedOver.Add(new(provider, error.Message.TrimEnd('.')));
                lasting &= error.Lasting;
            }
        }
        string advice = wish == ExecutionProvider.Auto ? "" : " Set engine/provider to auto to have another one tried, or engine/native_library_path to a build that has it.";
        throw new EngineException($"Nothing can run the network. {string.Join(". ", passedOver)}.{advice}", lasting);
    }

    /// <summary>A provider's name as people write it.</summary>
    /// <param name="provider">The provider.</param>
    public static string NameOf(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Tensorrt => "TensorRT",
        ExecutionProvider.Cuda => "CUDA",
        ExecutionProvider.Cpu => "CPU",
        _ => provider.ToString(),
    };

    /// <inheritdoc/>
    public override string ToString() => PassedOver.Count == 0
        ? NameOf(Provider)
        : $"{NameOf(Provider)}; passed over: {string.Join("; ", PassedOver)}";
}

/// <summary>A provider that would have been preferred.</summary>
/// <param name="Provider">Which.</param>
/// <param name="Reason">Why it was not taken, without a full stop.</param>
public sealed record PassedOver(ExecutionProvider Provider, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{ProviderChoice.NameOf(Provider)}: {Reason}";
}
