using System.Globalization;
using System.Runtime.InteropServices;

namespace Yolact.Edge.Vision.Engines.Providers;

/// <summary>NVIDIA's libraries and GPU on this machine, as far as engines depend on them; <see cref="None"/> for what is not here.</summary>
/// <param name="TensorRt">Version, such as <c>10.3.0</c>.</param>
/// <param name="Cuda">Version of the CUDA runtime, such as <c>12.6</c>.</param>
/// <param name="Gpu">
/// Name, compute capability and number of multiprocessors: an engine built for one of them is refused or slow on another.
/// </param>
public sealed unsafe record GpuFacts(string TensorRt, string Cuda, string Gpu)
{
    /// <summary>What stands for something that is not here.</summary>
    public const string None = "none";

    // cuda.h: CUdevice_attribute.
    private const int MultiprocessorCount = 16, CapabilityMajor = 75, CapabilityMinor = 76;

    /// <summary>Reads them from the libraries that the loader finds.</summary>
    public static GpuFacts Read() => new(ReadTensorRt() ?? None, ReadCuda() ?? None, ReadGpu() ?? None);

    /// <summary>Puts TensorRT's version number into words.</summary>
    /// <param name="number">From 10 on major * 10000 + minor * 100 + patch, before that major * 1000 + minor * 100 + patch.</param>
    internal static string VersionOf(int number) => number >= 100_000
        ? string.Create(CultureInfo.InvariantCulture, $"{number / 10000}.{number / 100 % 100}.{number % 100}")
        : string.Create(CultureInfo.InvariantCulture, $"{number / 1000}.{number / 100 % 10}.{number % 100}");

    private static string? ReadTensorRt() => Call(["libnvinfer.so.11", "libnvinfer.so.10", "libnvinfer.so.8"], "getInferLibVersion",
        (_, entry) => VersionOf(((delegate* unmanaged[Cdecl]<int>)entry)()));

    private static string? ReadCuda() => Call(["libcudart.so.13", "libcudart.so.12", "libcudart.so"], "cudaRuntimeGetVersion", (_, entry) =>
    {
        int version;
        return ((delegate* unmanaged[Cdecl]<int*, int>)entry)(&version) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version / 10 % 100}")
            : null;
    });

    private static string? ReadGpu() => Call(["libcuda.so.1"], "cuInit", (library, entry) =>
    {
        if (((delegate* unmanaged[Cdecl]<uint, int>)entry)(0) != 0
            || !NativeLibrary.TryGetExport(library, "cuDeviceGet", out nint get)
            || !NativeLibrary.TryGetExport(library, "cuDeviceGetName", out nint getName)
            || !NativeLibrary.TryGetExport(library, "cuDeviceGetAttribute", out nint getAttribute))
            return null;
        int device;
        byte* name = stackalloc byte[256];
        if (((delegate* unmanaged[Cdecl]<int*, int, int>)get)(&device, 0) != 0
            || ((delegate* unmanaged[Cdecl]<byte*, int, int, int>)getName)(name, 256, device) != 0)
            return null;
        int first = device;
        int Attribute(int which) => AttributeOf(getAttribute, which, first);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Marshal.PtrToStringUTF8((nint)name)}, sm_{Attribute(CapabilityMajor)}{Attribute(CapabilityMinor)}, {Attribute(MultiprocessorCount)} multiprocessors");
    });

    private static int AttributeOf(nint entry, int which, int device)
    {
        int value;
        return ((delegate* unmanaged[Cdecl]<int*, int, int, int>)entry)(&value, which, device) == 0 ? value : 0;
    }

    private static string? Call(ReadOnlySpan<string> libraries, string symbol, Func<nint, nint, string?> read)
    {
        foreach (string name in libraries)
        {
            // Never freed: CUDA's libraries do not come back from that.
            if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, symbol, out nint entry))
                return read(library, entry);
        }
        return null;
    }
}
