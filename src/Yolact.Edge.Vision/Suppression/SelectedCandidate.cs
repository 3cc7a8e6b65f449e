namespace Yolact.Edge.Vision.Suppression;

/// <summary>A candidate that stays, as one class.</summary>
/// <param name="Candidate">Index into the candidates.</param>
/// <param name="ClassId">0-based class without background.</param>
/// <param name="Score">The class's probability, 0..1.</param>
internal readonly record struct SelectedCandidate(int Candidate, int ClassId, float Score);
