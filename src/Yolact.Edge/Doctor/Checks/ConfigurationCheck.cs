namespace Yolact.Edge.Doctor.Checks;

/// <summary>The configuration can be used.</summary>
internal static class ConfigurationCheck
{
    public static Diagnosis Run(CheckContext context)
    {
        if (context.Options is { } options)
            return Diagnosis.Ok($"{context.Source}, version {options.Version}, device {options.Device}");
        IEnumerable<string> errors = context.Errors.Select(e => e.Pointer.Length == 0 ? e.Message : $"{e.Pointer}: {e.Message}");
        return Diagnosis.Failed($"{context.Source}: {string.Join("; ", errors)}",
            "Correct it; 'yolact-edge config validate' checks it again, 'yolact-edge config schema' describes every setting.");
    }
}
