using System.Security.Cryptography;

namespace Yolact.Edge.Engines;

/// <summary>An entry of the cache.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Folder">Where its files lie.</param>
/// <param name="Manifest">What it says of itself; null where that cannot be read.</param>
/// <param name="Problem">Why it cannot be used, without a full stop; null where it can, as far as was looked at.</param>
public sealed record CachedEngine(string Id, string Folder, EngineManifest? Manifest, string? Problem)
{
    /// <summary>Reads an entry and compares names and sizes, and with <paramref name="thorough"/> the hashes of its files, too.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="thorough">Whether files are read.</param>
    public static CachedEngine Read(string folder, bool thorough)
    {
        string id = Path.GetFileName(folder);
        EngineManifest? manifest = null;
        try
        {
            var file = new FileInfo(Path.Combine(folder, EngineManifest.FileName));
            if (!file.Exists)
                return new(id, folder, null, $"it has no {EngineManifest.FileName}");
            if (file.Length > EngineManifest.MaxBytes)
                return new(id, folder, null, $"its {EngineManifest.FileName} is too large");
            manifest = EngineManifest.Parse(File.ReadAllBytes(file.FullName));
            return new(id, folder, manifest, Check(manifest, id, folder, thorough));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new(id, folder, manifest, error.Message.TrimEnd('.'));
        }
    }

    /// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
    /// <param name="path">The file.</param>
    internal static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string? Check(EngineManifest manifest, string id, string folder, bool thorough)
    {
        if (manifest.Key.Id() != id)
            return "its name is not that of its key";
        foreach (EngineFile file in manifest.Files)
        {
            var found = new FileInfo(Path.Combine(folder, file.Name));
            if (file.Name != Path.GetFileName(file.Name) || !found.Exists || found.Length != file.Bytes)
                return $"its file {file.Name} is missing, or is not {file.Bytes} bytes long";
            if (thorough && HashOf(found.FullName) != file.Sha256)
                return $"its file {file.Name} is not what was built";
        }
        return manifest.Files.Count > 0 ? null : "it has no files";
    }
}
