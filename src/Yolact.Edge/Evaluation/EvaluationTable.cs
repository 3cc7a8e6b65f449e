using System.Globalization;
using Spectre.Console;
using Yolact.Edge.Evaluation.Metrics;

namespace Yolact.Edge.Evaluation;

/// <summary>Figures for people.</summary>
internal static class EvaluationTable
{
    private static readonly (string Name, string Meaning, Func<CocoFigures, double> Value)[] Rows =
    [
        ("AP", "precision, IoU .50 to .95", f => f.Ap),
        ("AP50", "precision, IoU .50", f => f.Ap50),
        ("AP75", "precision, IoU .75", f => f.Ap75),
        ("APs", "precision, up to 32 x 32 px", f => f.ApSmall),
        ("APm", "precision, between", f => f.ApMedium),
        ("APl", "precision, from 96 x 96 px", f => f.ApLarge),
        ("AR1", "recall, 1 detection a picture and class", f => f.Ar1),
        ("AR10", "recall, 10 detections", f => f.Ar10),
        ("AR100", "recall, 100 detections", f => f.Ar100),
        ("ARs", "recall, up to 32 x 32 px", f => f.ArSmall),
        ("ARm", "recall, between", f => f.ArMedium),
        ("ARl", "recall, from 96 x 96 px", f => f.ArLarge),
    ];

    /// <summary>Prints the figures over all classes, then the precision of each class.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="evaluation">The figures.</param>
    public static void Write(IAnsiConsole console, CocoEvaluation evaluation)
    {
        Table overall = NewTable("", "", "masks", "boxes");
        foreach ((string name, string meaning, Func<CocoFigures, double> value) in Rows)
            overall.AddRow(name, meaning, Text(value(evaluation.Segm)), Text(value(evaluation.Bbox)));
        console.Write(overall);

        Table classes = NewTable("class", "", "mask AP", "mask AP50", "box AP", "box AP50");
        foreach ((string id, ClassEvaluation one) in evaluation.PerClass)
            classes.AddRow(Markup.Escape(one.Name), $"[dim]{id}[/]", Text(one.Segm.Ap), Text(one.Segm.Ap50), Text(one.Bbox.Ap), Text(one.Bbox.Ap50));
        console.Write(classes);
    }

    private static Table NewTable(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach ((int index, string column) in columns.Index())
            table.AddColumn(new TableColumn(column) { Alignment = index < 2 ? Justify.Left : Justify.Right, NoWrap = true });
        return table;
    }

    private static string Text(double value) => value < 0 ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
