namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>The fixed numbers of COCO's detection metrics (cocodataset.org, "Detection Evaluation").</summary>
internal static class EvaluationLimits
{
    /// <summary>IoU from which on a detection may match a truth: .50, .55, ..., .95.</summary>
    public static readonly double[] IouThresholds = Steps(.5, .95, 10);

    /// <summary>Recalls at which precision is read: 0, .01, ..., 1.</summary>
    public static readonly double[] Recalls = Steps(0, 1, 101);

    /// <summary>Detections that count, of each picture and class, by score.</summary>
    public static readonly int[] MaxDetections = [1, 10, 100];

    /// <summary>Lower and upper area in px, both inclusive: all, small, medium, large.</summary>
    public static readonly (double Least, double Most)[] Areas = [(0, 1e10), (0, 32 * 32), (32 * 32, 96 * 96), (96 * 96, 1e10)];

    /// <summary>Evenly spaced numbers, computed as the published figures' tool does: start + i * step, the last one exact.</summary>
    private static double[] Steps(double start, double stop, int count)
    {
        double step = (stop - start) / (count - 1);
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = (i * step) + start;
        values[^1] = stop;
        return values;
    }
}
