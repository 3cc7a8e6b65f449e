namespace Yolact.Edge.Engines;

/// <summary>Held by the one process that may build into a cache; the kernel takes it back from a process that dies.</summary>
internal static class BuildLock
{
    private const string FileName = ".lock";
    private const int WouldBlock = 11; // EWOULDBLOCK of flock(2)

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes the lock, waiting for as long as another process has it.</summary>
    /// <param name="folder">The cache.</param>
    /// <param name="waiting">Called before each wait.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public static FileStream Take(string folder, Action waiting, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (error.HResult == WouldBlock)
            {
                waiting();
                cancellation.WaitHandle.WaitOne(Interval);
            }
        }
    }
}
