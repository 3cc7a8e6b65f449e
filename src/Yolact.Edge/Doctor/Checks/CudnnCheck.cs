namespace Yolact.Edge.Doctor.Checks;

/// <summary>cuDNN is there, which ONNX Runtime's CUDA provider needs.</summary>
internal static class CudnnCheck
{
    private static readonly Version Oldest = new(9, 0);

    public static Diagnosis Run(CheckContext context) =>
        SharedLibraries.Judge(context, "cuDNN", "libcudnn", "nvidia-jetpack", Oldest);
}
