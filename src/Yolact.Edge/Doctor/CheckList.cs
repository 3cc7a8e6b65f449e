using Yolact.Edge.Doctor.Checks;

namespace Yolact.Edge.Doctor;

/// <summary>Everything that the doctor looks at, in the order of the report.</summary>
internal static class CheckList
{
    private delegate Task<Diagnosis> Check(CheckContext context, CancellationToken cancellation);

    private static readonly (string Name, Check Run)[] Checks =
    [
        ("configuration", Now(ConfigurationCheck.Run)),
        ("permissions", Now(PermissionsCheck.Run)),
        ("model", Now(ModelCheck.Run)),
        ("jetpack", Now(JetPackCheck.Run)),
        ("onnxruntime", Now(OnnxRuntimeCheck.Run)),
        ("tensorrt", Now(TensorRtCheck.Run)),
        ("cuda", Now(CudaCheck.Run)),
        ("cudnn", Now(CudnnCheck.Run)),
        ("engine_cache", Now(EngineCacheCheck.Run)),
        ("memory", Now(MemoryCheck.Run)),
        ("camera", Now(CameraCheck.Run)),
        ("gstreamer", Now(GStreamerCheck.Run)),
        ("gpio_chips", Now(GpioChipsCheck.Run)),
        ("gpio_lines", Now(GpioLinesCheck.Run)),
        ("pinmux", Now(PinmuxCheck.Run)),
        ("broker", BrokerCheck.RunAsync),
        ("clock", Now(ClockCheck.Run)),
        ("storage_health", Now(StorageHealthCheck.Run)),
        ("storage_space", Now(StorageSpaceCheck.Run)),
        ("power_mode", Now(PowerModeCheck.Run)),
        ("throttling", Now(ThrottlingCheck.Run)),
        ("unit_hardening", Now(UnitHardeningCheck.Run)),
    ];

    /// <summary>Names of all checks.</summary>
    public static IEnumerable<string> Names => Checks.Select(check => check.Name);

    /// <summary>Runs every check, one after the other.</summary>
    public static async IAsyncEnumerable<Finding> RunAsync(
        CheckContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach ((string name, Check run) in Checks)
        {
            cancellation.ThrowIfCancellationRequested();
            Diagnosis diagnosis = await run(context, cancellation);
            yield return new(name, diagnosis.Verdict, diagnosis.Found, diagnosis.Advice);
        }
    }

    private static Check Now(Func<CheckContext, Diagnosis> run) => (context, _) => Task.FromResult(run(context));
}
