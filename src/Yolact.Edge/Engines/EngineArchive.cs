using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Yolact.Edge.Engines;

/// <summary>
/// An engine in one file, to be taken from one device to others of its kind: a gzipped tar of the manifest and the files that it names. An archive
/// may come from anywhere: nothing of it is believed before it is compared with the manifest, and the manifest's key with this machine.
/// </summary>
public static class EngineArchive
{
    /// <summary>An engine has no more files than this.</summary>
    public const int MaxFiles = 64;

    /// <summary>An engine is no larger than this, in bytes.</summary>
    public const long MaxBytes = 4L << 30;

    private const string Importing = ".importing-";

    /// <summary>Writes an entry to a file, which appears under its name only when it is complete.</summary>
    /// <param name="entry">A whole entry.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Export(CachedEngine entry, string path)
    {
        ArgumentNullException.ThrowIfNull(entry);
        string part = path + ".part";
        try
        {
            using (FileStream file = new(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                using (var zip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
                using (var tar = new TarWriter(zip, TarEntryFormat.Ustar))
                {
                    foreach (string name in (IEnumerable<string>)[EngineManifest.FileName, .. entry.Manifest!.Files.Select(file => file.Name)])
                        tar.WriteEntry(Path.Combine(entry.Folder, name), name);
                }
                file.Flush(flushToDisk: true);
            }
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Takes an archive's engine into a cache.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="folder">The cache's folder.</param>
    /// <param name="machine">A key of this machine; only what it says of software and GPU is looked at.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="InvalidDataException">It is no such archive, is damaged or hostile, or was made for another machine.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static CachedEngine Import(string path, string folder, EngineKey machine)
    {
        Directory.CreateDirectory(folder);
        string part = Path.Combine(folder, $"{Importing}{Guid.NewGuid():N}");
        try
        {
            using FileStream file = File.OpenRead(path);
            using var zip = new GZipStream(file, CompressionMode.Decompress);
            using var tar = new TarReader(zip);
            EngineManifest manifest = ReadManifest(tar);
            Check(manifest, machine);
            Directory.CreateDirectory(part);
            ReadFiles(tar, manifest, part);
            string described = Path.Combine(part, EngineManifest.FileName);
            File.WriteAllBytes(described, manifest.ToJson());
            CacheFolder.Flush(described);
            string entry = Path.Combine(folder, manifest.Key.Id());
            CacheFolder.Publish(part, entry);
            return CachedEngine.Read(entry, thorough: false);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{path} was not imported: {error.Message.TrimEnd('.')}.", error);
        }
        finally
        {
            CacheFolder.Remove(part);
        }
    }

    private static EngineManifest ReadManifest(TarReader tar)
    {
        TarEntry first = tar.GetNextEntry() ?? throw new InvalidDataException("it is empty");
        if (first.Name != EngineManifest.FileName || !IsFile(first))
            throw new InvalidDataException($"it does not begin with {EngineManifest.FileName}, so it is no archive of 'yolact-edge engine export'");
        if (first.Length > EngineManifest.MaxBytes)
            throw new InvalidDataException($"its {EngineManifest.FileName} is larger than {EngineManifest.MaxBytes >> 20} MiB");
        var json = new byte[first.Length];
        first.DataStream?.ReadExactly(json);
        return EngineManifest.Parse(json);
    }

    private static void Check(EngineManifest manifest, EngineKey machine)
    {
        string[] differences = [.. manifest.Key.MachineDifferences(machine)];
        if (differences.Length > 0)
            throw new InvalidDataException($"it was made for another machine: {string.Join("; ", differences)}");
        if (manifest.Files.Count is 0 or > MaxFiles)
            throw new InvalidDataException($"it holds {manifest.Files.Count} files: 1 to {MaxFiles} are expected");
        if (manifest.Files.FirstOrDefault(file => !IsPlainName(file.Name)) is { } odd)
            throw new InvalidDataException($"it holds a file named '{odd.Name}': letters, digits, '.', '_' and '-' are expected, and no folders");
        if (manifest.Files.DistinctBy(file => file.Name).Count() != manifest.Files.Count)
            throw new InvalidDataException("it holds two files of one name");
        if (manifest.Files.Any(file => file.Bytes is < 0 or > MaxBytes) || manifest.Bytes > MaxBytes)
            throw new InvalidDataException($"its files are larger than {MaxBytes >> 30} GiB together");
    }

    private static void ReadFiles(TarReader tar, EngineManifest manifest, string part)
    {
        Dictionary<string, EngineFile> missing = manifest.Files.ToDictionary(file => file.Name, StringComparer.Ordinal);
        while (tar.GetNextEntry() is { } entry)
        {
            if (!IsFile(entry) || !missing.Remove(entry.Name, out EngineFile? file))
                throw new InvalidDataException($"it holds '{entry.Name}', which its manifest does not name");
            if (entry.Length != file.Bytes)
                throw new InvalidDataException($"its {file.Name} is {entry.Length} bytes long, not {file.Bytes}");
            Write(entry, file, Path.Combine(part, file.Name));
        }
        if (missing.Count > 0)
            throw new InvalidDataException($"it lacks {string.Join(", ", missing.Keys)}");
    }

    private static void Write(TarEntry entry, EngineFile file, string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream output = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        byte[] buffer = new byte[1 << 20];
        for (int read; entry.DataStream is { } data && (read = data.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            output.Write(buffer, 0, read);
        }
        output.Flush(flushToDisk: true);
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256)
            throw new InvalidDataException($"its {file.Name} is not what was built");
    }

    private static bool IsFile(TarEntry entry) => entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;

    private static bool IsPlainName(string name) => name.Length is > 0 and <= 200 && name[0] != '.' && name != EngineManifest.FileName
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
}
