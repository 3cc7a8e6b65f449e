using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>ONNX Runtime's native library loads, is as new as the managed side asks for, and has TensorRT on a Jetson.</summary>
internal static class OnnxRuntimeCheck
{
    private const string TensorRt = "TensorrtExecutionProvider";

    public static Diagnosis Run(CheckContext context)
    {
        string? path = context.Options?.Detector.Engine.NativeLibraryPath;
        try
        {
            (string version, IReadOnlyCollection<string> providers) = context.LoadRuntime(path);
            string library = $"{path ?? "the program's own"}, {version}, managed side {NativeRuntime.ManagedVersion}";
            string found = $"{library}, {string.Join(", ", providers)}";
            return context.IsJetson && !providers.Contains(TensorRt)
                ? Diagnosis.Warning($"{found}: no TensorRT",
                    "The network runs on the CPU. Build the library with jetson/build-onnxruntime.sh, install its package, and name it in"
                    + " detector/engine/native_library_path.")
                : Diagnosis.Ok(found);
        }
        catch (EngineException error)
        {
            return Diagnosis.Failed(error.Message,
                "Install this program's package again; on a Jetson build the library with jetson/build-onnxruntime.sh.");
        }
    }
}
