using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Yolact.Edge.Vision.Engines.Providers;

/// <summary>
/// ONNX Runtime's native library, looked at before anything of its managed side is used: that side would throw from a static constructor, and
/// name neither the file nor what was expected of it.
/// </summary>
public static unsafe class NativeRuntime
{
    private const string LibraryName = "onnxruntime";
    private const string EntryPoint = "OrtGetApiBase";

    private static readonly Assembly Managed = typeof(InferenceSession).Assembly;
    private static readonly Lock Gate = new();
    private static NativeRuntimeInfo? _loaded;

    /// <summary>Version of the managed side, such as <c>1.31.1</c>.</summary>
    public static string ManagedVersion { get; } = Managed.GetName().Version!.ToString(3);

    /// <summary>The API that the managed side asks of the native library: ONNX Runtime 1.N serves the APIs up to N.</summary>
    public static uint RequiredApi { get; } = (uint)Managed.GetName().Version!.Minor;

    /// <summary>Loads and checks the library, once a process: before the first session.</summary>
    /// <param name="path">The file; null for the one that came with the program.</param>
    /// <exception cref="EngineException">
    /// It is missing, cannot be loaded, is no ONNX Runtime or too old a one, or this process uses another one already.
    /// </exception>
    public static NativeRuntimeInfo Load(string? path)
    {
        lock (Gate)
        {
            if (_loaded is { } loaded)
            {
                return path is null || path == loaded.Path
                    ? loaded
                    : throw new EngineException($"ONNX Runtime's library cannot be changed to {path}: this process uses {loaded.Path}. Start the program anew.");
            }
            nint handle = Open(path);
            string file = path ?? Mapped() ?? $"lib{LibraryName}.so";
            _loaded = new NativeRuntimeInfo(file, Check(handle, file));
            if (path is not null)
                Resolve(handle);
            return _loaded;
        }
    }

    /// <summary>Execution providers that the library was built with, under ONNX Runtime's names; loads and checks it first.</summary>
    /// <param name="path">As of <see cref="Load"/>.</param>
    /// <exception cref="EngineException">As <see cref="Load"/>.</exception>
    public static IReadOnlyCollection<string> Providers(string? path)
    {
        Load(path);
        return OrtEnv.Instance().GetAvailableProviders();
    }

    /// <summary>Checks a file without using it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="EngineException">As <see cref="Load"/>.</exception>
    public static NativeRuntimeInfo Inspect(string path)
    {
        nint handle = Open(path);
        try
        {
            return new NativeRuntimeInfo(path, Check(handle, path));
        }
        finally
        {
            NativeLibrary.Free(handle);
        }
    }

    private static nint Open(string? path)
    {
        string what = path ?? $"lib{LibraryName}.so beside the program ({AppContext.BaseDirectory})";
        if (path is not null && !File.Exists(path))
            throw Refused(path, Directory.Exists(path) ? "this is a folder" : "there is no such file");
        try
        {
            return path is null ? NativeLibrary.Load(LibraryName, Managed, null) : NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw Refused(what, $"it cannot be loaded ({Reason(error)})", error);
        }
    }

    /// <summary>The library's version; throws where it does not serve the API that is needed.</summary>
    private static string Check(nint handle, string path)
    {
        if (!NativeLibrary.TryGetExport(handle, EntryPoint, out nint entry))
            throw Refused(path, $"it has no symbol {EntryPoint}, so it is no ONNX Runtime");
        ApiBase* api = ((delegate* unmanaged[Cdecl]<ApiBase*>)entry)();
        string version = api is null || api->GetVersionString is null ? "" : Marshal.PtrToStringUTF8((nint)api->GetVersionString()) ?? "";
        // The version first: asked for an API that it has not, the library complains on stderr in words of its own.
        string[] parts = version.Split('.');
        if (parts.Length < 2 || parts[0] != "1" || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint minor))
            throw Refused(path, $"it says that it is version '{version}'");
        if (minor < RequiredApi || api->GetApi(RequiredApi) is null)
            throw Refused(path, $"it is ONNX Runtime {version}, which serves APIs up to {minor}");
        return version;
    }

    private static EngineException Refused(string path, string problem, Exception? inner = null) => new(
        $"ONNX Runtime's native library {path}: {problem}. Expected is ONNX Runtime 1.{RequiredApi} or a later 1.x, which serves API {RequiredApi} that "
        + $"this program's managed side {ManagedVersion} asks for: set engine/native_library_path to such a build, or build this program with "
        + "-p:OnnxRuntimeVersion= the library's version.", inner: inner);

    // The managed side's own resolver would find the library that came with the program first.
    private static void Resolve(nint handle)
    {
        OrtEnv.DisableDllImportResolver = true;
        NativeLibrary.SetDllImportResolver(Managed, (name, _, _) => name == LibraryName ? handle : 0);
    }

    private static string Reason(Exception error) => error.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');

    // Where the loader found it: what errors and reports name.
    private static string? Mapped()
    {
        try
        {
            return File.ReadLines("/proc/self/maps").Select(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? line[at..] : "")
                .FirstOrDefault(file => Path.GetFileName(file).StartsWith($"lib{LibraryName}.so", StringComparison.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // onnxruntime_c_api.h: struct OrtApiBase.
    [StructLayout(LayoutKind.Sequential)]
    private struct ApiBase
    {
        public delegate* unmanaged[Cdecl]<uint, void*> GetApi;
        public delegate* unmanaged[Cdecl]<byte*> GetVersionString;
    }
}

/// <summary>A native library of ONNX Runtime.</summary>
/// <param name="Path">The file.</param>
/// <param name="Version">Such as <c>1.31.1</c>.</param>
public sealed record NativeRuntimeInfo(string Path, string Version);
