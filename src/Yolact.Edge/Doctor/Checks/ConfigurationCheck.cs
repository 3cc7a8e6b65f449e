using Yolact.Edge.Configuration;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>The configuration can be used.</summary>
internal static class ConfigurationCheck
{
    private static readonly string Folder = Path.GetDirectoryName(ConfigurationLoader.DefaultPath)!;

    public static Diagnosis Run(CheckContext context)
    {
        if (context.Options is { } options)
        {
            string found = $"{context.Source ?? "built-in defaults"}, version {options.Version}, device {options.Device}";
            bool isClosed = context.Tree.Exists(Folder) && !context.MayOpen(context.Tree.Locate(Folder), FileAccess.Read);
            return context.Source is null && isClosed
                ? Diagnosis.Warning($"{found}: {Environment.UserName} may not read {Folder}",
                    "See what the service sees: sudo -u yolact-edge yolact-edge doctor")
                : Diagnosis.Ok(found);
        }
        IEnumerable<string> errors = context.Errors.Select(e => e.Pointer.Length == 0 ? e.Message : $"{e.Pointer}: {e.Message}");
        return Diagnosis.Failed($"{context.Source}: {string.Join("; ", errors)}",
            "Correct it; 'yolact-edge config validate' checks it again, 'yolact-edge config schema' describes every setting.");
    }
}
