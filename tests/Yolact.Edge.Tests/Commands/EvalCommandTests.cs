using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Yolact.Edge.Commands;
using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Rle;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Simulation.Dataset;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.TestSupport;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Pictures;
using CocoImage = Yolact.Edge.Evaluation.Coco.CocoImage;

namespace Yolact.Edge.Tests.Commands;

/// <summary>The whole command: pictures of the belt, a small network with made-up weights, and as truth every other thing that it finds.</summary>
public sealed class EvalCommandTests(EvalCommandTests.Files files) : IClassFixture<EvalCommandTests.Files>
{
    [Fact]
    public async Task A_model_and_the_files_of_its_detections_get_the_same_figures()
    {
        string output = files.Path("out"), failures = files.Path("failures");
        (int code, string text) = await RunAsync(
            "--model", files.Model, "--data", files.Truth, "--images", files.Images, "-o", output, "--failures", failures, "--json");
        Assert.Equal(ExitCode.Ok, code);
        Assert.NotEmpty(Directory.GetFiles(failures, "01_*.png"));
        Assert.Equal(["bbox_detections.json", "mask_detections.json"], Directory.GetFiles(output).Select(Path.GetFileName).Order());

        (code, string fromFiles) = await RunAsync(
            "--results", Path.Combine(output, "mask_detections.json"), "--box-results", Path.Combine(output, "bbox_detections.json"),
            "--data", files.Truth, "--json");
        Assert.Equal(ExitCode.Ok, code);
        using JsonDocument direct = JsonDocument.Parse(text), second = JsonDocument.Parse(fromFiles);
        Assert.Equal(["segm", "bbox", "per_class"], direct.RootElement.EnumerateObject().Select(member => member.Name));
        foreach (string kind in (string[])["segm", "bbox"])
        {
            JsonElement figures = direct.RootElement.GetProperty(kind);
            Assert.Equal(
                ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"],
                figures.EnumerateObject().Select(member => member.Name));
            foreach (JsonProperty figure in figures.EnumerateObject())
                Assert.Equal(figure.Value.GetDouble(), second.RootElement.GetProperty(kind).GetProperty(figure.Name).GetDouble(), 1e-6);
            Assert.InRange(figures.GetProperty("AP").GetDouble(), .05, .999);
            Assert.Equal(1, figures.GetProperty("AR100").GetDouble(), 1e-6);
        }
    }

    [Fact]
    public async Task People_get_a_table()
    {
        (int code, string text) = await RunAsync("--model", files.Model, "--data", files.Truth, "--images", files.Images);
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("AP50", text, StringComparison.Ordinal);
        Assert.Contains(BeltParts.ClassNames[0], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_rescoring_masks_are_ranked_by_the_class_score_and_boxes_as_before()
    {
        string with = files.Path("rescored"), without = files.Path("not-rescored");
        await RunAsync("--model", files.Model, "--data", files.Truth, "--images", files.Images, "-o", with, "--json");
        await RunAsync("--model", files.Model, "--data", files.Truth, "--images", files.Images, "-o", without, "--no-rescoring", "--json");
        Assert.Equal(Scores(with, "bbox_detections.json"), Scores(without, "bbox_detections.json"));
        Assert.Equal(Scores(without, "bbox_detections.json"), Scores(without, "mask_detections.json"));
        Assert.NotEqual(Scores(without, "mask_detections.json"), Scores(with, "mask_detections.json"));
    }

    [Fact]
    public async Task Wrong_input_is_refused()
    {
        Assert.Equal(ExitCode.BadInput, (await RunAsync("--results", files.Truth, "--data", files.Truth)).Code);
        Assert.Equal(ExitCode.BadInput, (await RunAsync("--results", files.Path("none.json"), "--data", files.Truth)).Code);
        Assert.Equal(ExitCode.BadInput, (await RunAsync("--model", files.Model, "--data", files.Truth, "--images", files.Path("no-folder"))).Code);
        Assert.Equal(ExitCode.BadInput, (await RunAsync("--model", files.Truth, "--data", files.Truth, "--images", files.Images)).Code);
    }

    [Theory]
    [InlineData("--data t.json")]
    [InlineData("--results r.json")]
    [InlineData("--data t.json --results r.json --model m.onnx")]
    [InlineData("--data t.json --results r.json --failures f")]
    [InlineData("--data t.json --images i --box-results b.json")]
    [InlineData("--data t.json --results r.json --no-rescoring")]
    [InlineData("--data t.json --results r.json --nms Fast")]
    [InlineData("--data t.json --images i --nms slow")]
    public void Options_that_make_no_sense_together_are_refused(string line) =>
        Assert.NotEmpty(YolactEdgeCommand.Create().Parse("eval " + line).Errors);

    /// <summary>All scores of a results file, best first: the order of equal pictures' detections is not at stake.</summary>
    private static double[] Scores(string folder, string file)
    {
        using JsonDocument results = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, file)));
        return [.. results.RootElement.EnumerateArray().Select(one => one.GetProperty("score").GetDouble()).OrderDescending()];
    }

    private static async Task<(int Code, string Out)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        int code = await YolactEdgeCommand.Create().Parse(["eval", .. arguments])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output }, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    public sealed class Files : IAsyncLifetime
    {
        private static readonly YolactConfig Config = new()
        {
            Name = "small",
            InputSize = 256,
            Backbone = new BackboneConfig { Blocks = [1, 1, 1, 1], Width = 8 },
            Pyramid = new PyramidConfig { Channels = 16 },
            Prototypes = new PrototypeConfig { Count = 8, Channels = 16 },
            Anchors = new AnchorConfig { Scales = NamedConfigs.OnePerLevel([24, 48, 96, 192, 300]) },
            MaskRescoring = new MaskRescoringConfig(),
            Classes = [.. BeltParts.ClassNames],
        };

        private readonly string _folder = Directory.CreateTempSubdirectory("yolact-eval-").FullName;

        public string Truth => Path("truth.json");

        public string Images => Path("belt/images");

        public string Model => Path("small.onnx");

        public string Path(string name) => System.IO.Path.Combine(_folder, name);

        public async ValueTask InitializeAsync()
        {
            DatasetSynth.Write(new DatasetSynthOptions { Seed = 7, Count = 3, Width = 320, Height = 240, Threads = 1 }, Path("belt"));
            CocoDataset belt = await CocoDataset.ReadAsync(Path("belt/annotations.json"), TestContext.Current.CancellationToken);
            SyntheticModel.Write(Config, _folder, "small");

            List<object> annotations = [];
            FramePool pool = new();
            using Detector detector = Detector.Open(Model, new DetectorOptions { ScoreThreshold = 0, FinalThreshold = 0 });
            foreach (CocoImage image in belt.Images)
            {
                using Frame frame = PictureFile.Read(System.IO.Path.Combine(Images, image.FileName), pool);
                using DetectionList found = detector.Detect(frame);
                for (int i = 0; i < found.Count; i += 2)
                {
                    if (!(found[i].Box.Area > 0) || found[i].Mask.Area() < 50)
                        continue;
                    annotations.Add(new
                    {
                        id = annotations.Count + 1,
                        image_id = image.Id,
                        category_id = belt.Categories.First(category => category.Name == Config.Classes[found[i].ClassId]).Id,
                        iscrowd = 0,
                        area = found[i].Mask.Area(),
                        bbox = (float[])[found[i].Box.X1, found[i].Box.Y1, found[i].Box.Width, found[i].Box.Height],
                        segmentation = new { size = (int[])[image.Height, image.Width], counts = RunLengthEncoder.EncodeToString(found[i].Mask) },
                    });
                }
            }
            await File.WriteAllTextAsync(Truth, JsonSerializer.Serialize(new
            {
                images = belt.Images.Select(image => new { id = image.Id, width = image.Width, height = image.Height, file_name = image.FileName }),
                categories = belt.Categories.Select(category => new { id = category.Id, name = category.Name }),
                annotations,
            }));
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
