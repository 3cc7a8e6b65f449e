namespace Yolact.Edge.Vision;

/// <summary>Where the time of <see cref="Detector.Finish"/> went, for the last frame of a slot.</summary>
/// <param name="Decode">Box decoding of the candidates.</param>
/// <param name="Nms">Non-maximum suppression.</param>
/// <param name="Assembly">Soft masks: prototypes times coefficients, sigmoid, crop.</param>
/// <param name="Rescoring">Runs of the re-scoring network.</param>
/// <param name="Masks">Masks at the picture's size, and the rest.</param>
public readonly record struct FinishTimes(TimeSpan Decode, TimeSpan Nms, TimeSpan Assembly, TimeSpan Rescoring, TimeSpan Masks);
