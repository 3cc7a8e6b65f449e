namespace Yolact.Edge.Capture.Recovery;

/// <summary>
/// Asks for a restart of the camera daemon with a file, which root's <c>yolact-edge-argus.path</c> watches: JetPack 6 has a
/// polkit (0.105) that cannot allow one unit alone.
/// </summary>
internal static class RestartRequest
{
    /// <summary>The file in the unit's runtime folder.</summary>
    public const string FileName = "restart-argus";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes the file and waits until it has been taken.</summary>
    /// <param name="folder">The unit's runtime folder (<c>RUNTIME_DIRECTORY</c>).</param>
    /// <param name="patience">How long it may lie there.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Null where somebody took it; else why not.</returns>
    public static async Task<string?> AskAsync(string folder, TimeSpan patience, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, FileName);
        try
        {
            await File.WriteAllBytesAsync(file, [], cancellation).ConfigureAwait(false);
            for (TimeSpan waited = TimeSpan.Zero; waited < patience; waited += Interval)
            {
                await Task.Delay(Interval, cancellation).ConfigureAwait(false);
                if (!File.Exists(file))
                    return null;
            }
            // A wish that nobody hears must not be granted an hour later.
            File.Delete(file);
            return $"nobody took {file}: does yolact-edge-argus.path run?";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }
}
