using System.Text;
using System.Text.Json.Nodes;
using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Tests.Configuration.Remote;

/// <summary>The process dies at each step of a document's way, file operations included; the broker brings the document again after each start.</summary>
public sealed class SuddenDeathTests : IDisposable
{
    private const string Before = """{"version":"1","detector":{"score_threshold":0.4}}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-death-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("""{"version":"2","mqtt":{"host":"dead"}}""", false)]
    [InlineData("""{"version":"2","cameras":[{"kind":"usb","source":"/dev/video9"}]}""", false)]
    [InlineData("""{"version":"2","model":{"path":"broken"},"web":{"port":9}}""", false)]
    [InlineData("""{"version":"2","detector":{"score_threshold":0.6}}""", true)]
    [InlineData("""{"version":"2","web":{"port":9090}}""", true)]
    public async Task Whatever_the_step_the_device_runs_a_whole_document_and_a_bad_one_is_tried_once(string document, bool good)
    {
        int steps = await LiveAsync(document, good, dieAt: int.MaxValue);
        Assert.True(steps > 15, $"only {steps} steps");
        for (int step = 1; step <= steps; step++)
            await LiveAsync(document, good, step);
    }

    // Version 1 is good, version 2 comes, and comes again after each start; one death at a step of the first or the second life.
    private async Task<int> LiveAsync(string document, bool good, int dieAt)
    {
        string journal = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"), "configuration.json");
        int steps = 0, tried = 0;
        bool mortal = false;
        void Step(string name)
        {
            if (name == "apply 2")
                tried++;
            if (mortal && ++steps == dieAt)
                throw new Death(name);
        }
        DeviceRun first = await DeviceRun.StartAsync(journal, step: Step);
        await first.DesireAsync(Before);
        mortal = true;
        await MortalAsync(async () => await first.DesireAsync(document));
        await MortalAsync(async () => await (await DeviceRun.StartAsync(journal, step: Step)).DesireAsync(document));
        mortal = false;
        for (int start = 0; start < 2; start++)
        {
            DeviceRun next = await DeviceRun.StartAsync(journal, step: Step);
            LoadedConfiguration running = next.Device.Running!;
            string whole = running.Options.Version == "1" ? Before : document;
            Assert.True(JsonNode.DeepEquals(DesiredDocument.Check(Encoding.UTF8.GetBytes(whole), next.Boot.Local).Effective!.Document, running.Document));
            await next.DesireAsync(document);
            AssertWhole(next, good);
        }
        if (!good)
            Assert.True(tried <= 1, $"tried {tried} times with a death at step {dieAt}");
        return steps;
    }

    private static async Task MortalAsync(Func<Task> life)
    {
        try
        {
            await life();
        }
        catch (Death)
        {
            // What was in memory is gone.
        }
    }

    private static void AssertWhole(DeviceRun run, bool good)
    {
        string running = run.Device.Running!.Options.Version;
        Assert.Equal(running, run.Last.Applied);
        Assert.Null(run.Journal.Content.Trial);
        if (!good)
            Assert.Equal(("1", ConfigState.RolledBack, ReportCode.TrialFailed), (running, run.Last.State, run.Last.Code));
        else
            // Dying on trial counts as a failed trial: who knows why.
            Assert.Equal(running, run.Last.Code == ReportCode.TrialFailed ? "1" : "2");
    }

    // Passes every filter for what is expected to go wrong, as death does.
    private sealed class Death(string step) : OutOfMemoryException(step);
}
