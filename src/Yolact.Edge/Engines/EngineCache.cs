using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Engines;

/// <summary>
/// Engines that were built, each in a folder named after its key. One is found or built; what another TensorRT, CUDA, ONNX Runtime or GPU made is
/// removed when something is built; a folder appears under its name only when it is complete and on the disk. Of several processes one builds,
/// and the others wait and then find what it built.
/// </summary>
/// <param name="folder">Where.</param>
/// <param name="keep">Engines that are kept.</param>
/// <param name="clock">Measures builds.</param>
public sealed class EngineCache(string folder, int keep, TimeProvider clock)
{
    private const string Unfinished = ".building-";
    private const long BaseBytes = 64 << 20; // timing cache and the engine's own code

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>Where it lies.</summary>
    public string Folder => folder;

    /// <summary>Every entry, damaged ones too, the one used last first.</summary>
    /// <param name="thorough">Whether files are read and compared with their hashes.</param>
    public IReadOnlyList<CachedEngine> List(bool thorough = false) => !Directory.Exists(folder)
        ? []
        : [.. new DirectoryInfo(folder).EnumerateDirectories()
            .Where(entry => !entry.Name.StartsWith('.'))
            .OrderByDescending(entry => entry.LastWriteTimeUtc).ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => CachedEngine.Read(entry.FullName, thorough))];

    /// <summary>The engine of a key, whole; null where there is none, or where it is damaged.</summary>
    /// <param name="key">The key.</param>
    public CachedEngine? Find(EngineKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        string entry = Path.Combine(folder, key.Id());
        if (!Directory.Exists(entry))
            return null;
        CachedEngine found = CachedEngine.Read(entry, thorough: true);
        if (found.Problem is not null)
            return null;
        Touch(entry);
        return found;
    }

    /// <summary>The engine of a key, found or built.</summary>
    /// <param name="key">The key.</param>
    /// <param name="request">How it is built.</param>
    /// <param name="builder">What builds it.</param>
    /// <param name="progress">Told every second how long it has been building or waiting.</param>
    /// <param name="cancellation">Ends a build; nothing half-built stays.</param>
    /// <returns>The entry, and whether it was built now.</returns>
    /// <exception cref="EngineException">The folder cannot be written, or the build failed; says what to do.</exception>
    public (CachedEngine Engine, bool Built) Ensure(EngineKey key, EngineRequest request, IEngineBuilder builder, IProgress<EngineProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(builder);
        if (Find(key) is { } cached)
            return (cached, false);
        // Before anything is built: an engine that cannot be kept would be built again at every start.
        long bytes = BaseBytes + (2 * new FileInfo(request.Model).Length);
        if (CacheFolder.Problem(folder, bytes) is { } problem)
            throw new EngineException($"The engine cache {folder} cannot take an engine: {problem}. Make it writable for this user, make room, or set engine/cache_folder.");
        TimeSpan? expected = ExpectedTime(key);
        long start = clock.GetTimestamp();
        FileStream held = BuildLock.Take(folder, () => progress?.Report(new(key.Model, true, clock.GetElapsedTime(start), expected)), cancellation);
        using (held)
        {
            // Another process may have built it meanwhile.
            if (Find(key) is { } built)
                return (built, false);
            RemoveUseless(key);
            start = clock.GetTimestamp();
            using ITimer timer = clock.CreateTimer(
                _ => progress?.Report(new(key.Model, false, clock.GetElapsedTime(start), expected)), null, TimeSpan.Zero, ReportInterval);
            return (Build(key, request, builder, start, cancellation), true);
        }
    }

    /// <summary>Removes entries.</summary>
    /// <param name="chosen">Which.</param>
    /// <returns>What was removed.</returns>
    /// <exception cref="IOException">One cannot be removed.</exception>
    public IReadOnlyList<CachedEngine> Remove(Func<CachedEngine, bool> chosen)
    {
        List<CachedEngine> removed = [.. List().Where(chosen)];
        foreach (CachedEngine entry in removed)
            CacheFolder.Remove(entry.Folder);
        return removed;
    }

    private CachedEngine Build(EngineKey key, EngineRequest request, IEngineBuilder builder, long start, CancellationToken cancellation)
    {
        string part = Path.Combine(folder, $"{Unfinished}{key.Id()}"), entry = Path.Combine(folder, key.Id());
        try
        {
            Directory.CreateDirectory(part);
            builder.Build(request, part, cancellation);
            var files = new List<EngineFile>();
            foreach (FileInfo file in new DirectoryInfo(part).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
            {
                CacheFolder.Flush(file.FullName);
                files.Add(new EngineFile(file.Name, file.Length, CachedEngine.HashOf(file.FullName)));
            }
            if (files.Count == 0)
                throw new EngineException($"The build of {key.Model} ended without an engine: TensorRT took no part of the network.");
            var manifest = new EngineManifest(key, clock.GetUtcNow(), Math.Round(clock.GetElapsedTime(start).TotalSeconds, 1), files);
            string described = Path.Combine(part, EngineManifest.FileName);
            File.WriteAllBytes(described, manifest.ToJson());
            CacheFolder.Flush(described);
            CacheFolder.Publish(part, entry);
            return new CachedEngine(key.Id(), entry, manifest, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                $"The engine of {key.Model} could not be written to {folder}: {error.Message.TrimEnd('.')}. Nothing half-written was kept; make room or set engine/cache_folder.",
                lasting: false, error);
        }
        finally
        {
            TryRemove(part);
        }
    }

    // Under the lock: what others left unfinished is nobody's, what was made by other software or for another GPU will never be used again, and of
    // the rest the ones used last are kept, with room for the new one.
    private void RemoveUseless(EngineKey key)
    {
        foreach (string part in Directory.EnumerateDirectories(folder, Unfinished + "*"))
            TryRemove(part);
        int kept = 0;
        foreach (CachedEngine entry in List())
        {
            bool useful = entry.Problem is null && entry.Manifest!.Key.IsOfSameMachine(key);
            if (!useful || ++kept >= keep)
                TryRemove(entry.Folder);
        }
    }

    private TimeSpan? ExpectedTime(EngineKey key)
    {
        EngineManifest[] built = [.. List().Select(entry => entry.Manifest).OfType<EngineManifest>()];
        EngineManifest? nearest = built.FirstOrDefault(one => one.Key.Model == key.Model) ?? built.FirstOrDefault();
        return nearest is null ? null : TimeSpan.FromSeconds(nearest.BuildSeconds);
    }

    private static void TryRemove(string path)
    {
        try
        {
            CacheFolder.Remove(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is in nobody's way: an entry is used only if it is whole.
        }
    }

    private void Touch(string entry)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(entry, clock.GetUtcNow().UtcDateTime);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder that can only be read keeps its order.
        }
    }
}
