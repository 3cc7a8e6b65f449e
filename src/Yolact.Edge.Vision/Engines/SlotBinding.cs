using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Yolact.Edge.Vision.Engines;

/// <summary>Inputs and outputs of one slot, bound once, so that a run allocates nothing.</summary>
internal sealed class SlotBinding : IDisposable
{
    private readonly InferenceSession _session;
    private readonly SessionIO _io;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _run = new();
    private readonly List<OrtValue> _hostInputs = [], _deviceInputs = [], _hostOutputs = [], _deviceOutputs = [];

    /// <summary>Nothing bound yet.</summary>
    /// <param name="session">The session.</param>
    /// <param name="io">Where tensors lie.</param>
    /// <param name="number">Of this binding among the session's, from 1.</param>
    public SlotBinding(InferenceSession session, SessionIO io, int number)
    {
        (_session, _io, _binding) = (session, io, session.CreateIoBinding());
        // A recorded CUDA graph holds addresses: each slot has one of its own.
        if (io.Device is not null)
            _run.AddRunConfigEntry("gpu_graph_id", number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Memory for an input; belongs to the caller.</summary>
    public TensorBuffer<T> Input<T>(string name, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var buffer = new TensorBuffer<T>(shape, allocator: _io.Pinned);
        _binding.BindInput(name, Bound(buffer, shape, _hostInputs, _deviceInputs));
        return buffer;
    }

    /// <summary>Memory for an output; belongs to the caller.</summary>
    public TensorBuffer<T> Output<T>(string name, ReadOnlySpan<long> shape, int slack = 0)
        where T : unmanaged
    {
        var buffer = new TensorBuffer<T>(shape, slack, _io.Pinned);
        _binding.BindOutput(name, Bound(buffer, shape, _hostOutputs, _deviceOutputs));
        return buffer;
    }

    /// <summary>Runs the network on what the inputs hold.</summary>
    public void Run()
    {
        if (_io.Device is not null)
            OrtEnv.Instance().CopyTensors(_hostInputs, _deviceInputs, null);
        _session.RunWithBinding(_run, _binding);
        if (_io.Device is not null)
            OrtEnv.Instance().CopyTensors(_deviceOutputs, _hostOutputs, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _run.Dispose();
        foreach (OrtValue value in _deviceInputs.Concat(_deviceOutputs))
            value.Dispose();
    }

    private OrtValue Bound<T>(TensorBuffer<T> buffer, ReadOnlySpan<long> shape, List<OrtValue> host, List<OrtValue> device)
        where T : unmanaged
    {
        if (_io.Device is null)
            return buffer.Value;
        host.Add(buffer.Value);
        device.Add(OrtValue.CreateAllocatedTensorValue(_io.Device, TensorBuffer<T>.ElementType, shape.ToArray()));
        return device[^1];
    }
}
