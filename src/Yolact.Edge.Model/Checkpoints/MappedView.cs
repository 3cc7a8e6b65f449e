using System.IO.MemoryMappedFiles;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>A mapped part of a file; unmapped when disposed.</summary>
internal sealed unsafe class MappedView : IDisposable
{
    private readonly MemoryMappedViewAccessor _accessor;
    private readonly byte* _start;
    private readonly long _count;

    public MappedView(MemoryMappedFile map, long position, long count)
    {
        _accessor = map.CreateViewAccessor(position, count, MemoryMappedFileAccess.Read);
        byte* page = null;
        _accessor.SafeMemoryMappedViewHandle.AcquirePointer(ref page);
        _start = page + _accessor.PointerOffset;
        _count = count;
    }

    /// <summary>A part of the view.</summary>
    public ReadOnlySpan<byte> Slice(long start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _count - start);
        return new ReadOnlySpan<byte>(_start + start, count);
    }

    public void Dispose()
    {
        _accessor.SafeMemoryMappedViewHandle.ReleasePointer();
        _accessor.Dispose();
    }
}
