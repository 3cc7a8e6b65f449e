namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>Precision and recall of every class, IoU threshold, range of areas and number of detections, and their means.</summary>
internal sealed class FigureTable
{
    private const int Undefined = -1;

    /// <summary>One class at one setting: precision summed over the 101 recalls, and recall.</summary>
    private readonly record struct Cell(double PrecisionSum, double Recall, bool IsDefined);

    private readonly Cell[,,,] _cells;

    /// <summary>Measures all classes.</summary>
    /// <param name="categories">One record a class.</param>
    public FigureTable(IReadOnlyList<CategoryRecord> categories)
    {
        _cells = new Cell[
            categories.Count, EvaluationLimits.Areas.Length, EvaluationLimits.MaxDetections.Length, EvaluationLimits.IouThresholds.Length];
        Span<double> precision = stackalloc double[EvaluationLimits.Recalls.Length];
        for (int k = 0; k < categories.Count; k++)
        {
            for (int a = 0; a < EvaluationLimits.Areas.Length; a++)
            {
                for (int m = 0; m < EvaluationLimits.MaxDetections.Length; m++)
                {
                    for (int t = 0; t < EvaluationLimits.IouThresholds.Length; t++)
                    {
                        if (categories[k].Measure(a, t, EvaluationLimits.MaxDetections[m], precision) is { } recall)
                            _cells[k, a, m, t] = new(Sum(precision), recall, true);
                    }
                }
            }
        }
    }

    /// <summary>The twelve figures of all classes.</summary>
    public CocoFigures Overall() => Figures(0, _cells.GetLength(0));

    /// <summary>The twelve figures of one class.</summary>
    /// <param name="category">Its index.</param>
    public CocoFigures Of(int category) => Figures(category, category + 1);

    private CocoFigures Figures(int from, int to)
    {
        int thresholds = EvaluationLimits.IouThresholds.Length;
        double Precision(int area, int first, int end) =>
            Mean(from, to, area, 2, first, end, cell => cell.PrecisionSum) is var mean && mean < 0 ? Undefined : mean / EvaluationLimits.Recalls.Length;
        double Recall(int area, int detections) => Mean(from, to, area, detections, 0, thresholds, cell => cell.Recall);
        return new(
            Precision(0, 0, thresholds), Precision(0, 0, 1), Precision(0, 5, 6),
            Precision(1, 0, thresholds), Precision(2, 0, thresholds), Precision(3, 0, thresholds),
            Recall(0, 0), Recall(0, 1), Recall(0, 2), Recall(1, 2), Recall(2, 2), Recall(3, 2));
    }

    private double Mean(int from, int to, int area, int detections, int firstThreshold, int endThreshold, Func<Cell, double> value)
    {
        double sum = 0;
        int count = 0;
        for (int k = from; k < to; k++)
        {
            for (int t = firstThreshold; t < endThreshold; t++)
            {
                Cell cell = _cells[k, area, detections, t];
                if (!cell.IsDefined)
                    continue;
                sum += value(cell);
                count++;
            }
        }
        return count == 0 ? Undefined : sum / count;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }
}
