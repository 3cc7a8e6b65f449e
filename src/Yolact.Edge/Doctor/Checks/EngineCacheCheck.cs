using Yolact.Edge.Engines;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>Engines that were built can be kept: else one is built at every start, for minutes.</summary>
internal static class EngineCacheCheck
{
    private const string ServiceFolder = "/var/cache/yolact-edge/engines";

    public static Diagnosis Run(CheckContext context)
    {
        if (SharedLibraries.Version(context.Tree, "libnvinfer") is null)
            return Diagnosis.NotApplicable("without TensorRT no engines are built");
        string folder = Folder(context.Options?.Detector.Engine ?? new EngineOptions());
        // The folder itself is made at the first build.
        string present = context.Tree.Exists(folder) ? folder : Path.GetDirectoryName(folder)!;
        if (!context.Tree.Exists(present))
        {
            return Diagnosis.Warning($"{present} is not there",
                "Start the service once (systemctl start yolact-edge), or name another folder in detector/engine/cache_folder.");
        }
        if (!context.MayOpen(context.Tree.Locate(present), FileAccess.Write))
        {
            return Diagnosis.Warning($"{Environment.UserName} may not write {present}",
                "The service's user must: chown -R yolact-edge:yolact-edge that folder, or run the doctor as that user.");
        }
        int engines = context.Tree.List(folder).Count;
        return Diagnosis.Ok(
            engines == 0 ? $"{folder} is empty: the first start builds an engine, for minutes" : $"{engines} entries in {folder}");
    }

    // Run by hand, the program itself would take the user's folder; it is the service's that matters.
    private static string Folder(EngineOptions options) =>
        options.CacheFolder ?? (Environment.GetEnvironmentVariable(CacheFolder.Variable) is { Length: > 0 } named ? named : ServiceFolder);
}
