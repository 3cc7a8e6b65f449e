namespace Yolact.Edge.Doctor.Checks;

/// <summary>TensorRT is there, with a parser that reads DeformConv (from 10.1 on).</summary>
internal static class TensorRtCheck
{
    private static readonly Version Oldest = new(10, 1);

    public static Diagnosis Run(CheckContext context) =>
        SharedLibraries.Judge(context, "TensorRT", "libnvinfer", "nvidia-jetpack", Oldest);
}
