namespace Yolact.Edge.Doctor.Checks;

/// <summary>The installed unit still has what keeps a taken-over appliance from taking the machine over.</summary>
internal static class UnitHardeningCheck
{
    private const string Name = "yolact-edge.service";

    private static readonly string[] Folders = ["/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system",
        "/lib/systemd/system"];

    // Setting, and what it must be; an empty capability set is written as nothing.
    private static readonly (string Key, Func<string?, bool> Holds, string Wanted)[] Rules =
    [
        ("User", value => value is { Length: > 0 } and not "root" and not "0", "a user other than root"),
        ("NoNewPrivileges", IsTrue, "yes"),
        ("CapabilityBoundingSet", value => value is "", "nothing"),
        ("ProtectSystem", value => value is "strict", "strict"),
        ("ProtectHome", IsTrue, "yes"),
        ("ProtectKernelModules", IsTrue, "yes"),
        ("DevicePolicy", value => value is "closed", "closed"),
        ("SystemCallFilter", value => value is not null, "@system-service"),
        ("RestrictAddressFamilies", value => value is not null, "AF_UNIX AF_INET AF_INET6"),
    ];

    public static Diagnosis Run(CheckContext context)
    {
        string? unit = Folders.Select(folder => $"{folder}/{Name}").FirstOrDefault(context.Tree.Exists);
        if (unit is null)
            return Diagnosis.NotApplicable("no unit is installed: the program is started by hand");
        string[] dropIns = [.. Folders.Reverse().SelectMany(folder => context.Tree.List($"{folder}/{Name}.d", "*.conf"))];
        Dictionary<string, string> settings = [];
        foreach (string file in (string[])[unit, .. dropIns])
        {
            foreach (string line in (context.Tree.Text(file) ?? "").Split('\n'))
            {
                if (line.Split('=', 2) is [var key, var value] && !key.StartsWith('#'))
                    settings[key.Trim()] = value.Trim();
            }
        }
        string[] broken = [.. Rules.Where(rule => !rule.Holds(settings.GetValueOrDefault(rule.Key)))
            .Select(rule => $"{rule.Key} (should be {rule.Wanted})")];
        if (broken.Length > 0)
            return Diagnosis.Warning($"{unit}{Beside(dropIns)} lacks {string.Join(", ", broken)}",
                "Take the package's unit, and put what differs into a drop-in: systemctl edit yolact-edge.");
        return context.IsJetson && dropIns.Length == 0
            ? Diagnosis.Warning($"{unit} without the Jetson's drop-in",
                "GPU and CSI camera stay out of its reach: link /usr/lib/yolact-edge/jetson.conf to"
                + " /etc/systemd/system/yolact-edge.service.d/10-jetson.conf.")
            : Diagnosis.Ok($"{unit}{Beside(dropIns)}");
    }

    private static string Beside(string[] dropIns) =>
        dropIns.Length == 0 ? "" : $" with {string.Join(", ", dropIns.Select(Path.GetFileName))}";

    private static bool IsTrue(string? value) => value is "yes" or "true" or "1" or "on";
}
