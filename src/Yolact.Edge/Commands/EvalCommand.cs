using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Yolact.Edge.Evaluation;
using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Failures;
using Yolact.Edge.Evaluation.Metrics;
using Yolact.Edge.Models;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Commands;

/// <summary>`eval`: how good a model or a results file is.</summary>
public static class EvalCommand
{
    private const int ProblemsShown = 10, FailuresDrawn = 20;

    private sealed record Arguments(
        string Data, string? Results, string? BoxResults, string? Model, DetectorOptions Detector, string? Images, string? Output, string? Failures,
        bool Json, TextWriter Out);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The truth: a COCO instances file.", Required = true, HelpName = "GT.json" };
        var results = new Option<string?>("--results") { Description = "Judge these detections (COCO results format).", HelpName = "R.json" };
        var boxes = new Option<string?>("--box-results")
        {
            Description = "Judge boxes by this file and only masks by --results: for boxes with scores of their own.",
            HelpName = "B.json",
        };
        var model = new Option<string?>("--model") { Description = "Judge this model; the bundled one by default.", HelpName = "M" };
        var noRescoring = new Option<bool>("--no-rescoring") { Description = "Rank masks by the class score alone, to see what re-scoring is worth." };
        var nms = new Option<NmsMode>("--nms")
        {
            Description = "Which of several boxes on the same object stays; Fast, as the reference, by default.",
            DefaultValueFactory = _ => NmsMode.Fast,
        };
        var images = new Option<string?>("--images") { Description = "The folder that the data set's file names start from.", HelpName = "DIR" };
        var output = new Option<string?>("--output", "-o")
        {
            Description = $"Keep the model's detections as {ReferenceResultFiles.BoxFile} and {ReferenceResultFiles.MaskFile}.",
            HelpName = "DIR",
        };
        var failures = new Option<string?>("--failures")
        {
            Description = $"Draw the {FailuresDrawn} pictures with the worst failures: objects missed and wrong detections.",
            HelpName = "DIR",
        };
        var json = new Option<bool>("--json") { Description = "Print the figures as JSON." };
        var command = new Command("eval", """
            Measure masks and boxes with COCO's metrics: precision and recall over IoU .50 to .95, by size and by class.

            A model is judged as the reference judges: boxes are ranked by class score, masks by the product of class score and predicted mask
            IoU, 100 detections a picture, no threshold. A results file is judged as COCO's own tools judge it. Figures are 0 to 1; -1 in
            JSON and '-' in the table where no annotated object counts. Bad annotations are left out and listed.

            Examples:
              yolact-edge eval --data held-out/annotations.json --images held-out/images
              yolact-edge eval --model mine.onnx --data val.json --images val --failures failures
              yolact-edge eval --data held-out/annotations.json --images held-out/images --no-rescoring
              yolact-edge eval --results detections.json --data val.json --json

            Exit codes: 0 done, 1 the disk failed, 2 bad options or files, 130 stopped.
            """)
        { data, results, boxes, model, noRescoring, nms, images, output, failures, json };
        command.Validators.Add(parsed =>
        {
            bool hasResults = parsed.GetValue(results) is not null, hasImages = parsed.GetValue(images) is not null;
            if (!hasResults && !hasImages)
                parsed.AddError("Give --images DIR to judge a model, or --results R.json to judge detections.");
            if (hasResults && (parsed.GetValue(model) is not null || parsed.GetValue(output) is not null))
                parsed.AddError("--results is judged without a model: leave --model and --output out.");
            if (hasResults && (parsed.GetValue(noRescoring) || parsed.GetResult(nms) is { Implicit: false }))
                parsed.AddError("--results is judged as it is: leave --no-rescoring and --nms out.");
            if (!hasResults && parsed.GetValue(boxes) is not null)
                parsed.AddError("--box-results goes with --results.");
            if (!hasImages && parsed.GetValue(failures) is not null)
                parsed.AddError("--failures needs --images.");
        });
        command.SetAction((parsed, stop) => CommandErrors.GuardAsync(() => RunAsync(
            new Arguments(
                parsed.GetValue(data)!, parsed.GetValue(results), parsed.GetValue(boxes), parsed.GetValue(model),
                ModelEvaluation.Options with { Rescore = !parsed.GetValue(noRescoring), Nms = parsed.GetValue(nms) },
                parsed.GetValue(images), parsed.GetValue(output), parsed.GetValue(failures), parsed.GetValue(json), parsed.InvocationConfiguration.Output),
            stop)));
        return command;
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        CocoDataset dataset = await CocoDataset.ReadAsync(arguments.Data, stop);
        List(arguments.Data, dataset.Problems);
        WorstFailures? failures = arguments.Failures is null ? null : new(dataset, FailuresDrawn);
        CocoEvaluation evaluation = arguments.Results is null
            ? JudgeModel(arguments, dataset, failures, stop)
            : await JudgeResultsAsync(arguments, dataset, failures, stop);
        if (arguments.Json)
            await arguments.Out.WriteLineAsync(JsonSerializer.Serialize(evaluation, EvaluationJson.Default.CocoEvaluation));
        else
            EvaluationTable.Write(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(arguments.Out) }), evaluation);
        if (failures is not null)
            FailurePictures.Draw(failures.Worst(), dataset, arguments.Images!, arguments.Failures!);
        return ExitCode.Ok;
    }

    private static CocoEvaluation JudgeModel(Arguments arguments, CocoDataset dataset, WorstFailures? failures, CancellationToken stop)
    {
        using Detector detector = Detector.Open(ModelFolders.Find(arguments.Model).Main, arguments.Detector);
        ModelEvaluation judge = new(detector, dataset, arguments.Images!);
        using ReferenceResultFiles? output = arguments.Output is null ? null : new(arguments.Output);
        CocoEvaluation? evaluation = null;
        Progress.Start("pictures", progress => evaluation = judge.Run(failures, output, progress, stop));
        output?.Complete();
        List(arguments.Images!, judge.Notes);
        return evaluation!;
    }

    private static async Task<CocoEvaluation> JudgeResultsAsync(
        Arguments arguments, CocoDataset dataset, WorstFailures? failures, CancellationToken stop)
    {
        CocoResults results = await CocoResults.ReadAsync(arguments.Results!, dataset, stop);
        List(arguments.Results!, results.Problems);
        CocoResults boxes = results;
        if (arguments.BoxResults is not null)
        {
            boxes = await CocoResults.ReadAsync(arguments.BoxResults, dataset, stop);
            List(arguments.BoxResults, boxes.Problems);
        }
        CocoEvaluation? evaluation = null;
        Progress.Start("pictures", progress => evaluation = ResultsEvaluation.Evaluate(dataset, results, boxes, failures, progress, stop));
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
