using Yolact.Edge.Engines;

namespace Yolact.Edge.Tests.Engines;

/// <summary>A builder that counts: writes a file at once, or does what a test says.</summary>
internal sealed class SimulatedBuilder(Action<string>? instead = null) : IEngineBuilder
{
    private int _builds;

    public int Builds => Volatile.Read(ref _builds);

    public void Build(EngineRequest request, string folder, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _builds);
        if (instead is null)
            File.WriteAllText(Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(request.Model)}.engine"), $"engine of {request.Model}");
        else
            instead(folder);
    }
}
