using System.Text.Json.Nodes;
using CsCheck;
using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Tests.Configuration.Remote;

/// <summary>2,000 random documents (YOLACT_EDGE_DOCUMENTS for more) at the real state machine with real files.</summary>
public sealed class RandomDocumentTests : IDisposable
{
    private const int InARow = 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-documents-");

    private static int Documents => int.TryParse(Environment.GetEnvironmentVariable("YOLACT_EDGE_DOCUMENTS"), out int number) ? number : 2000;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_document_is_answered_with_all_its_errors_and_none_is_half_applied()
    {
        int invalid = 0, applied = 0, rolledBack = 0, stale = 0;
        DocumentGenerator.Documents.Array[InARow].Sample(documents =>
        {
            string journal = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"), "configuration.json");
            DeviceRun run = DeviceRun.StartAsync(journal).GetAwaiter().GetResult();
            LoadedConfiguration expected = run.Device.Running!;
            foreach (RandomDocument document in documents)
            {
                ConfigurationReport report = run.DesireAsync(document.Payload).GetAwaiter().GetResult();
                if (document.Faults is { Count: > 0 } faults)
                {
                    Assert.Equal((ConfigState.Rejected, ReportCode.Invalid), (report.State, report.Code));
                    string[] pointers = [.. report.Errors.Select(error => error.Pointer)];
                    Assert.All(faults, fault => Assert.Contains(pointers, pointer => pointer == fault || pointer.StartsWith(fault + "/", StringComparison.Ordinal)));
                }
                else if (document.Faults is not null)
                {
                    Assert.Contains(report.Code, (int[])[ReportCode.Ok, ReportCode.Stale, ReportCode.RestartRequired, ReportCode.TrialFailed]);
                }
                Assert.All(report.Errors, error => Assert.NotEqual("", error.Message));
                if (report.State is ConfigState.Applied or ConfigState.RestartRequired && document.Payload.Length > 0)
                    expected = AssertTaken(run, document, expected);
                Assert.True(JsonNode.DeepEquals(expected.Document, run.Device.Running?.Document), "what runs is neither the new document nor the one before");
                Assert.Equal(run.Device.Running!.Options.Version, report.Applied);
                AssertStored(journal, run);
                Interlocked.Add(ref invalid, report.Code == ReportCode.Invalid ? 1 : 0);
                Interlocked.Add(ref applied, report.Code is ReportCode.Ok or ReportCode.RestartRequired ? 1 : 0);
                Interlocked.Add(ref rolledBack, report.Code == ReportCode.TrialFailed ? 1 : 0);
                Interlocked.Add(ref stale, report.Code == ReportCode.Stale ? 1 : 0);
            }
        }, iter: Documents / InARow);
        TestContext.Current.SendDiagnosticMessage($"{invalid} invalid, {applied} applied, {rolledBack} rolled back, {stale} stale");
        Assert.All((int[])[invalid, applied, rolledBack, stale], count => Assert.True(count > Documents / 100, $"{invalid} invalid, {applied} applied, {rolledBack} rolled back, {stale} stale"));
    }

    // All of the new document runs, but for what waits for a restart, which is as it was.
    private static LoadedConfiguration AssertTaken(DeviceRun run, RandomDocument document, LoadedConfiguration before)
    {
        LoadedConfiguration wanted = DesiredDocument.Check(document.Payload, run.Boot.Local).Effective!;
        LoadedConfiguration running = run.Device.Running!;
        foreach (string pointer in ConfigurationDifference.Between(wanted.Document, running.Document))
        {
            Assert.Equal(Touched.Restart, ConfigurationPlan.For([pointer]).Touched);
            Assert.True(JsonNode.DeepEquals(JsonPointer.Find(before.Document, pointer), JsonPointer.Find(running.Document, pointer)));
        }
        return running;
    }

    private static void AssertStored(string path, DeviceRun run)
    {
        JournalContent stored = RemoteJournal.Open(new DurableFile(path)).Content;
        Assert.Null(stored.Trial);
        Assert.Equal((run.Journal.Content.LastGood?.Hash, run.Journal.Content.Pending?.Hash), (stored.LastGood?.Hash, stored.Pending?.Hash));
        Assert.Equal(run.Journal.Content.Failed.Select(one => one.Hash), stored.Failed.Select(one => one.Hash));
    }
}
