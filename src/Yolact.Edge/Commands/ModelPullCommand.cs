using System.CommandLine;
using System.Globalization;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Models;

namespace Yolact.Edge.Commands;

/// <summary><c>model pull</c>: one of the authors' checkpoints, downloaded, checked and imported.</summary>
public static class ModelPullCommand
{
    private const string Hub = "https://huggingface.co";
    private const string CheckpointFolder = "checkpoints";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        string names = string.Join(", ", OfficialModel.All.Select(model => model.Name));
        var name = new Argument<string>("NAME") { Description = $"One of {names}." };
        var output = new Option<DirectoryInfo?>("--output", "-o")
        {
            Description = $"Folder of the model; the checkpoint goes into '{CheckpointFolder}' in it. Default: {ModelFolders.Imported}",
        };
        var endpoint = new Option<string>("--endpoint")
        {
            Description = "Another hub that has the authors' repositories, such as a mirror on your own network: https, or http on this machine.",
            DefaultValueFactory = _ => Hub,
        };
        var only = new Option<bool>("--download-only") { Description = "Do not import the checkpoint." };
        var command = new Command("pull", """
            Download a checkpoint that the authors of YOLACT publish, check it against the hash that the server publishes, and import it.
            A download that breaks off is taken up where it ended. The checkpoint is kept: 'model import' writes it in other forms.

            Examples:
              yolact-edge model pull yolact_plus_resnet50
              yolact-edge model pull yolact_base -o models
              yolact-edge model pull yolact_im700 --endpoint https://mirror.example --download-only

            Exit codes: 0 written; 1 the download failed or the files could not be written; 2 no such network; 130 stopped (run it again to go on).
            """)
        { name, output, endpoint, only };
        command.SetAction((result, cancellation) => CommandErrors.GuardAsync(() => PullAsync(
            result.GetRequiredValue(name), result.GetRequiredValue(endpoint), result.GetValue(output)?.FullName ?? ModelFolders.Imported,
            result.GetValue(only), cancellation)));
        return command;
    }

    private static async Task<int> PullAsync(string name, string endpoint, string folder, bool downloadOnly, CancellationToken cancellation)
    {
        if (OfficialModel.Find(name) is not { } model)
        {
            CommandErrors.Report($"the authors publish no {name}; they publish {string.Join(", ", OfficialModel.All.Select(known => known.Name))}.");
            return ExitCode.BadInput;
        }
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? hub) || !HubClient.IsSafe(hub))
        {
            CommandErrors.Report($"--endpoint {endpoint} is no https address (http is taken for this machine alone).");
            return ExitCode.BadInput;
        }
        string checkpoint = Path.Combine(folder, CheckpointFolder, model.File);
        using var downloader = new ModelDownloader(new DownloadOptions(), TimeProvider.System);
        PublishedFile? published = null;
        await Progress.StartAsync($"downloading {model.File}", async progress =>
            published = await downloader.DownloadAsync(model.Address(hub), checkpoint, progress, cancellation));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{checkpoint} ({published!.Size / 1048576.0:F1} MiB, SHA-256 {published.Sha256} as published)"));
        return downloadOnly
            ? ExitCode.Ok
            : ModelImportCommand.Import(new FileInfo(checkpoint), NamedConfigs.Find(model.Name), new ImportOptions(), model.Name, folder, cancellation);
    }
}
