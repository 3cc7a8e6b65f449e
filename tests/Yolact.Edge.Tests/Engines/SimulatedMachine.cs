using System.Diagnostics;
using Yolact.Edge.TestSupport;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Tests.Engines;

/// <summary>
/// A machine that seems to have a GPU: an ONNX Runtime whose TensorRT and CUDA are simulated over the real CPU library, and NVIDIA's libraries as a
/// few lines of C. Programs run on it as processes of their own.
/// </summary>
internal sealed class SimulatedMachine : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("yolact-gpu-");

    public SimulatedMachine()
    {
        Assert.SkipUnless(SharedObject.CanCompile, SharedObject.Missing);
        string native = Path.Combine(AppContext.BaseDirectory, "native");
        SharedObject.Compile(Library, File.ReadAllText(Path.Combine(native, "simulated_runtime.c")), "-I", Path.Combine(native, "include"), "-ldl");
        Environment = new()
        {
            ["SIMULATED_REAL"] = NativeRuntime.Load(null).Path,
            ["SIMULATED_PROVIDERS"] = "tensorrt cuda",
            ["SIMULATED_LOG"] = Log,
            ["YOLACT_EDGE_ENGINES"] = Engines,
            ["LD_LIBRARY_PATH"] = _root.FullName,
        };
        Nvidia(tensorRt: 100300);
    }

    public string Library => Path.Combine(_root.FullName, "libonnxruntime.so");

    public string Engines => Path.Combine(_root.FullName, "engines");

    public Dictionary<string, string> Environment { get; }

    private string Log => Path.Combine(_root.FullName, "log");

    /// <summary>NVIDIA's libraries of a Jetson Orin, with a release of TensorRT.</summary>
    public void Nvidia(int tensorRt)
    {
        SharedObject.Compile(Path.Combine(_root.FullName, "libnvinfer.so.10"), $"int getInferLibVersion(void) {{ return {tensorRt}; }}");
        SharedObject.Compile(Path.Combine(_root.FullName, "libcudart.so.12"), "int cudaRuntimeGetVersion(int* version) { *version = 12060; return 0; }");
        SharedObject.Compile(Path.Combine(_root.FullName, "libcuda.so.1"), """
            #include <string.h>
            int cuInit(unsigned flags) { return 0; }
            int cuDeviceGet(int* device, int ordinal) { *device = 0; return 0; }
            int cuDeviceGetName(char* name, int length, int device) { strncpy(name, "Orin", length); return 0; }
            int cuDeviceGetAttribute(int* value, int which, int device) { *value = which == 75 ? 8 : which == 76 ? 7 : 8; return 0; }
            """);
    }

    /// <summary>Lines that the simulated providers wrote.</summary>
    public string[] LogLines(string kind) => File.Exists(Log) ? [.. File.ReadLines(Log).Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal))] : [];

    public Process Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "yolact-edge"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("--set");
        start.ArgumentList.Add($"detector/engine/native_library_path={Library}");
        foreach ((string name, string value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public async Task<(int Code, string Output, string Errors)> RunAsync(params IEnumerable<string> arguments)
    {
        using Process process = Start(arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
