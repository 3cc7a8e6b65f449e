namespace Yolact.Edge.Doctor.Checks;

/// <summary>Versions of NVIDIA's libraries, read from their files' names.</summary>
internal static class SharedLibraries
{
    private static readonly string[] Folders =
    [
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu/nvidia",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/local/cuda/lib64",
        "/usr/local/cuda/targets/aarch64-linux/lib",
    ];

    /// <summary>The longest version behind <c>NAME.so.</c>; null where the library is not there.</summary>
    /// <param name="tree">The machine.</param>
    /// <param name="name">Such as <c>libnvinfer</c>.</param>
    public static string? Version(MachineTree tree, string name) => Folders
        .SelectMany(folder => tree.List(folder, name + ".so.*"))
        .Select(path => path[(path.LastIndexOf(".so.", StringComparison.Ordinal) + ".so.".Length)..])
        .MaxBy(version => version.Length);

    /// <summary>What a check says of one of them.</summary>
    /// <param name="context">The machine.</param>
    /// <param name="title">What people call it.</param>
    /// <param name="library">Such as <c>libnvinfer</c>.</param>
    /// <param name="package">The Debian package that brings it on a Jetson.</param>
    /// <param name="oldest">The oldest version that serves.</param>
    public static Diagnosis Judge(CheckContext context, string title, string library, string package, Version oldest)
    {
        string? found = Version(context.Tree, library);
        if (found is null)
        {
            return context.IsJetson
                ? Diagnosis.Failed($"no {title} ({library}.so)", $"apt install {package}")
                : Diagnosis.NotApplicable($"no {title}; the CPU needs none");
        }
        string[] parts = [.. found.Split('.').Take(2)];
        bool known = System.Version.TryParse(string.Join('.', parts.Length == 1 ? [parts[0], "0"] : parts), out Version? version);
        if (!known)
            return Diagnosis.Warning($"{title}, of version '{found}'", $"A version from {oldest} on is expected.");
        // A name such as libcudnn.so.9 gives the major version alone: that much is compared.
        bool old = parts.Length == 1 ? version!.Major < oldest.Major : version < oldest;
        return old
            ? Diagnosis.Failed($"{title} {found}", $"Version {oldest} or later is needed: JetPack 6.2 and 7.2 bring it.")
            : Diagnosis.Ok($"{title} {found}");
    }
}
