namespace Yolact.Edge.Doctor.Checks;

/// <summary>CUDA's runtime is there.</summary>
internal static class CudaCheck
{
    private static readonly Version Oldest = new(12, 2);

    public static Diagnosis Run(CheckContext context) =>
        SharedLibraries.Judge(context, "CUDA", "libcudart", "nvidia-jetpack", Oldest);
}
