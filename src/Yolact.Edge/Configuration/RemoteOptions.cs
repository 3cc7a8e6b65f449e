namespace Yolact.Edge.Configuration;

/// <summary>What the device lets itself be told over MQTT. Read from local configuration alone.</summary>
public sealed record RemoteOptions
{
    private const int MaxEntries = 64;

    /// <summary>Whether documents on config/desired are followed. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Seconds within which a new document has to prove itself, 1..3600, default 60; else what ran before returns.</summary>
    public int ProbationS { get; init; } = 60;

    /// <summary>
    /// Folders in which a remote document may name files (models, pictures, videos, certificates, the password); absolute paths, at most
    /// 64. Default none: it may name the files that local configuration names, and models by their names.
    /// </summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Places that a remote document may not change, as JSON pointers such as <c>/mqtt</c>; at most 64. Default none.</summary>
    public IReadOnlyList<string> Locked { get; init; } = [];

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (ProbationS is < 1 or > 3600)
            report($"{pointer}/probation_s", $"1..3600, not {ProbationS}");
        Each("folders", Folders, folder => Path.IsPathFullyQualified(folder) && Path.GetFullPath(folder) is not "/", "an absolute path other than /");
        Each("locked", Locked, place => place.StartsWith('/') && place.Length > 1, "a JSON pointer such as /mqtt");

        void Each(string member, IReadOnlyList<string> values, Func<string, bool> right, string wanted)
        {
            if (values.Count > MaxEntries)
                report($"{pointer}/{member}", $"at most {MaxEntries} entries, not {values.Count}");
            for (int i = 0; i < values.Count; i++)
            {
                if (values[i].Contains('\0', StringComparison.Ordinal) || !right(values[i]))
                    report($"{pointer}/{member}/{i}", wanted);
            }
        }
    }
}
