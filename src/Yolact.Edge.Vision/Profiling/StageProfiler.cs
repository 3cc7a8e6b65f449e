using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Vision.Profiling;

/// <summary>
/// Runs a main graph stage by stage on the input of a slot, each stage a session of its own with inputs and outputs bound once. The sum is not
/// the whole graph's time: the runtime cannot join operators across a cut, and has other values in its caches.
/// </summary>
public sealed class StageProfiler : IDisposable
{
    private readonly List<Stage> _stages = [];
    private readonly Dictionary<string, OrtValue> _values = new(StringComparer.Ordinal);

    private StageProfiler()
    {
    }

    /// <summary>Names of the stages in the order they run.</summary>
    public IReadOnlyList<string> Names => [.. _stages.Select(stage => stage.Name)];

    /// <summary>Cuts a main graph and loads its stages.</summary>
    /// <param name="model">The main graph.</param>
    /// <param name="slot">Whose input is run; to be disposed after this.</param>
    /// <param name="options">How the network is run.</param>
    public static StageProfiler Open(string model, DetectorSlot slot, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(options);
        var profiler = new StageProfiler();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("yolact-stages-");
        try
        {
            profiler._values[ModelOutputs.Image] = slot.Engine.Planes?.Value ?? slot.Engine.Pixels!.Value;
            foreach (GraphStage stage in GraphStages.Write(model, folder.FullName))
                profiler.Add(stage, options, new EngineSetup { Provider = slot.Owner.Choice.Provider });
            return profiler;
        }
        catch
        {
            profiler.Dispose();
            throw;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Runs all stages once.</summary>
    /// <param name="times">Time of each, in the order of <see cref="Names"/>.</param>
    public void Run(Span<TimeSpan> times)
    {
        for (int i = 0; i < _stages.Count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            _stages[i].Run();
            times[i] = Stopwatch.GetElapsedTime(start);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Stage stage in _stages)
            stage.Dispose();
        foreach ((string name, OrtValue value) in _values)
        {
            if (name != ModelOutputs.Image)
                value.Dispose();
        }
    }

    private void Add(GraphStage stage, EngineOptions options, EngineSetup setup)
    {
        InferenceSession loaded = SessionMaker.Make(stage.Path, null, options, setup);
        foreach ((string name, NodeMetadata output) in loaded.OutputMetadata)
        {
            _values[name] = OrtValue.CreateAllocatedTensorValue(
                OrtAllocator.DefaultInstance, output.ElementDataType, [.. output.Dimensions.Select(side => (long)side)]);
        }
        _stages.Add(new Stage(stage.Name, loaded, _values));
    }

    private sealed class Stage : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly OrtIoBinding _binding;
        private readonly RunOptions _run = new();

        public Stage(string name, InferenceSession session, Dictionary<string, OrtValue> values)
        {
            (Name, _session, _binding) = (name, session, session.CreateIoBinding());
            foreach (string input in session.InputMetadata.Keys)
                _binding.BindInput(input, values[input]);
            foreach (string output in session.OutputMetadata.Keys)
                _binding.BindOutput(output, values[output]);
        }

        public string Name { get; }

        public void Run() => _session.RunWithBinding(_run, _binding);

        public void Dispose()
        {
            _binding.Dispose();
            _run.Dispose();
            _session.Dispose();
        }
    }
}
