using Microsoft.ML.OnnxRuntime;

namespace Yolact.Edge.Vision.Engines;

/// <summary>
/// Where a session's inputs and outputs lie. What a frame's slot holds is made and read by the CPU. On a GPU it therefore lies in pinned host
/// memory, which the device reads and writes directly; a session that replays a CUDA graph, which wants fixed addresses on the device, gets a
/// second set there, and copies are made before and after a run.
/// </summary>
internal sealed class SessionIO : IDisposable
{
    private readonly InferenceSession _session;
    private int _bindings;

    /// <summary>Looks at what the provider offers.</summary>
    /// <param name="session">The session.</param>
    /// <param name="provider">What runs it.</param>
    /// <param name="onDevice">Whether tensors must lie on the device.</param>
    /// <exception cref="OnnxRuntimeException">They must, and the provider has no memory there.</exception>
    public SessionIO(InferenceSession session, ExecutionProvider provider, bool onDevice = false)
    {
        _session = session;
        if (provider is ExecutionProvider.Cpu)
            return;
        if (onDevice)
            Device = Allocator(OrtMemoryInfo.allocatorCUDA, OrtMemType.Default);
        try
        {
            Pinned = Allocator(OrtMemoryInfo.allocatorCUDA_PINNED, OrtMemType.CpuOutput);
        }
        catch (OnnxRuntimeException)
        {
            // Plain memory does as well, only slower: the runtime copies.
        }
    }

    /// <summary>Host memory that the GPU reaches; null where there is none.</summary>
    public OrtAllocator? Pinned { get; }

    /// <summary>The GPU's memory; null where tensors are bound on the host.</summary>
    public OrtAllocator? Device { get; }

    /// <summary>A binding for one slot, to be disposed before the session.</summary>
    public SlotBinding CreateBinding() => new(_session, this, Interlocked.Increment(ref _bindings));

    /// <inheritdoc/>
    public void Dispose()
    {
        Pinned?.Dispose();
        Device?.Dispose();
    }

    private OrtAllocator Allocator(byte[] name, OrtMemType type)
    {
        using var memory = new OrtMemoryInfo(name, OrtAllocatorType.DeviceAllocator, 0, type);
        return new OrtAllocator(_session, memory);
    }
}
