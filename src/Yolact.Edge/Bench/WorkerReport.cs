namespace Yolact.Edge.Bench;

/// <summary>The worker's pipeline at full rate against the bare engine loop on the same preloaded frames, in alternating rounds of one run.</summary>
/// <param name="Rounds">Rounds of each.</param>
/// <param name="FramesPerRound">Frames of a round.</param>
/// <param name="WorkerFps">Frames a second of the worker, median of the rounds.</param>
/// <param name="EngineFps">Runs a second of the bare engine loop, median of the rounds.</param>
/// <param name="Ratio">Worker's rate over that of the engine's rounds before and after it, median of the rounds.</param>
/// <param name="WorkerCpuMs">CPU time of the process a frame, all threads, while the worker runs, in ms; median of the rounds.</param>
/// <param name="EngineCpuMs">The same while the bare engine runs.</param>
/// <param name="RescoringMs">Time of the re-scoring network's runs a frame, in ms of wall time: an engine too, but part of the worker's CPU time.</param>
/// <param name="Objects">Objects a frame, on average.</param>
/// <param name="Published">Messages that the broker was sent.</param>
public sealed record WorkerReport(
    int Rounds, int FramesPerRound, double WorkerFps, double EngineFps, double Ratio, double WorkerCpuMs, double EngineCpuMs, double RescoringMs,
    double Objects, long Published)
{
    /// <summary>CPU time a frame that is not the main graph's, in ms.</summary>
    public double OtherCpuMs => WorkerCpuMs - EngineCpuMs;
}
