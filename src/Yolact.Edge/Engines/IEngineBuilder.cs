using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Engines;

/// <summary>Builds an engine into a folder.</summary>
public interface IEngineBuilder
{
    /// <summary>Builds; returns when all files are written.</summary>
    /// <param name="request">What is built.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="cancellation">Ends the build.</param>
    /// <exception cref="EngineException">It failed, or was killed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    void Build(EngineRequest request, string folder, CancellationToken cancellation);
}

/// <summary>An engine to be built.</summary>
/// <param name="Model">Path of the main graph.</param>
/// <param name="Rescores">Whether the re-scoring graph is built, too.</param>
/// <param name="Options">How the network is run.</param>
/// <param name="Limits">What the engine may take.</param>
public sealed record EngineRequest(string Model, bool Rescores, EngineOptions Options, EngineLimits Limits);
