using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Yolact.Edge.Evaluation;
using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Metrics;

namespace Yolact.Edge.Commands;

/// <summary>`eval`: how good a model or a results file is.</summary>
public static class EvalCommand
{
    private const int ProblemsShown = 10;

    private sealed record Arguments(string Data, string Results, string? BoxResults, bool Json);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The truth: a COCO instances file.", Required = true, HelpName = "GT.json" };
        var results = new Option<string>("--results") { Description = "Judge these detections (COCO results format).", Required = true, HelpName = "R.json" };
        var boxes = new Option<string?>("--box-results")
        {
            Description = "Judge boxes by this file and only masks by --results: for boxes with scores of their own.",
            HelpName = "B.json",
        };
        var json = new Option<bool>("--json") { Description = "Print the figures as JSON." };
        var command = new Command("eval", """
            Measure masks and boxes with COCO's metrics: precision and recall over IoU .50 to .95, by size and by class.

            A results file is judged as COCO's own tools judge it. Figures are 0 to 1; -1 in JSON and '-' in the table where no annotated
            object counts. Bad annotations are left out and listed.

            Examples:
              yolact-edge eval --results detections.json --data val.json --json

            Exit codes: 0 done, 1 the disk failed, 2 bad options or files, 130 stopped.
            """)
        { data, results, boxes, json };
        command.SetAction((parsed, stop) => CommandErrors.GuardAsync(() => RunAsync(
            new Arguments(parsed.GetValue(data)!, parsed.GetValue(results)!, parsed.GetValue(boxes), parsed.GetValue(json)),
            stop)));
        return command;
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        CocoDataset dataset = await CocoDataset.ReadAsync(arguments.Data, stop);
        List(arguments.Data, dataset.Problems);
        CocoEvaluation evaluation = await JudgeResultsAsync(arguments, dataset, stop);
        if (arguments.Json)
            Console.WriteLine(JsonSerializer.Serialize(evaluation, EvaluationJson.Default.CocoEvaluation));
        else
            EvaluationTable.Write(AnsiConsole.Console, evaluation);
        return ExitCode.Ok;
    }

    private static async Task<CocoEvaluation> JudgeResultsAsync(
        Arguments arguments, CocoDataset dataset, CancellationToken stop)
    {
        CocoResults results = await CocoResults.ReadAsync(arguments.Results, dataset, stop);
        List(arguments.Results, results.Problems);
        CocoResults boxes = results;
        if (arguments.BoxResults is not null)
        {
            boxes = await CocoResults.ReadAsync(arguments.BoxResults, dataset, stop);
            List(arguments.BoxResults, boxes.Problems);
        }
        CocoEvaluation? evaluation = null;
        Progress.Start("pictures", progress => evaluation = ResultsEvaluation.Evaluate(dataset, results, boxes, null, progress, stop));
        return evaluation!;
    }

    private static void List(string file, IReadOnlyList<string> problems)
    {
        foreach (string problem in problems.Take(ProblemsShown))
            CommandErrors.Note($"{file}: {problem}");
        if (problems.Count > ProblemsShown)
            CommandErrors.Note($"{file}: {problems.Count - ProblemsShown} more of the kind.");
    }
}
