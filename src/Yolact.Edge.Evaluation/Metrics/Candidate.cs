using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>A detection to be judged.</summary>
/// <param name="CategoryId">Its class.</param>
/// <param name="Score">What it is ranked by.</param>
/// <param name="Area">What area limits go by, in px.</param>
/// <param name="Box">In px; of no concern where masks are judged.</param>
/// <param name="Mask">Of no concern where boxes are judged.</param>
public readonly record struct Candidate(long CategoryId, double Score, double Area, CocoBox Box, BinaryMask Mask);
