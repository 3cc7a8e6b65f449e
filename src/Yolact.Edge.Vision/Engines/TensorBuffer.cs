using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Yolact.Edge.Vision.Engines;

/// <summary>A tensor in memory of our own outside the managed heap, which an engine reads or writes where it lies.</summary>
/// <typeparam name="T">float, byte or long.</typeparam>
internal sealed unsafe class TensorBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly int _length, _slack;
    private readonly OrtMemoryAllocation? _allocation;
    private T* _memory;

    /// <summary>Memory for a tensor, all zero.</summary>
    /// <param name="shape">Every dimension at least 1.</param>
    /// <param name="slack">Elements behind the tensor that may be read.</param>
    /// <param name="allocator">Memory that a GPU reaches; null for plain memory.</param>
    public TensorBuffer(ReadOnlySpan<long> shape, int slack = 0, OrtAllocator? allocator = null)
    {
        long length = 1;
        foreach (long side in shape)
            length = checked(length * side);
        (_length, _slack) = (checked((int)length), slack);
        nuint bytes = checked((nuint)(length + slack) * (nuint)sizeof(T));
        _allocation = allocator?.Allocate(checked((uint)bytes));
        _memory = _allocation is null ? (T*)NativeMemory.AlignedAlloc(bytes, Alignment) : (T*)_allocation.DangerousGetHandle();
        NativeMemory.Clear(_memory, bytes);
        Value = OrtValue.CreateTensorValueWithData(allocator?.Info ?? OrtMemoryInfo.DefaultInstance, ElementType, shape.ToArray(), (nint)_memory,
            length * sizeof(T));
    }

    /// <summary>The tensor as the runtime sees it.</summary>
    public OrtValue Value { get; }

    /// <summary>The elements in C order.</summary>
    public Span<T> Span => new(Memory, _length);

    /// <summary>The elements and the slack behind them.</summary>
    public Span<T> SpanWithSlack => new(Memory, _length + _slack);

    /// <summary>The runtime's name of <typeparamref name="T"/>.</summary>
    public static TensorElementType ElementType =>
        typeof(T) == typeof(float) ? TensorElementType.Float
        : typeof(T) == typeof(byte) ? TensorElementType.UInt8
        : typeof(T) == typeof(long) ? TensorElementType.Int64
        : throw new NotSupportedException($"Tensors of {typeof(T)}.");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_memory == null)
            return;
        Value.Dispose();
        if (_allocation is null)
            NativeMemory.AlignedFree(_memory);
        else
            _allocation.Dispose();
        _memory = null;
    }

    private T* Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_memory == null, this);
            return _memory;
        }
    }
}
