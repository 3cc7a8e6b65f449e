using Microsoft.Extensions.Logging.Abstractions;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Outbox.Disk;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Tests.Outbox;

public sealed class MessageOutboxTests
{
    [Fact]
    public void Messages_survive_a_restart_in_order_and_under_their_first_ids_and_those_acknowledged_do_not_come_again()
    {
        var disk = new SimulatedDisk();
        List<(long Sequence, string Id, string Text)> before;
        using (var first = new OutboxRig(disk))
        {
            first.Keep("a", "b", "c", "d");
            before = first.TakeAll();
            Assert.Equal(["a", "b", "c", "d"], before.Select(one => one.Text));
            first.Outbox.Acknowledge(before[1].Sequence);
            Assert.Equal(4, first.Outbox.Waiting); // "b" is not let go before "a" is
            first.Outbox.Acknowledge(before[0].Sequence);
            Assert.Equal(2, first.Outbox.Waiting);
        }
        using var second = new OutboxRig(disk, new MessageStamp(Samples.Topics, TimeProvider.System, "another run"));
        Assert.Equal(2, second.Outbox.Waiting);
        second.Keep("e");
        List<(long Sequence, string Id, string Text)> after = second.TakeAll();
        Assert.Equal(before.Skip(2), after.Take(2));
        Assert.Equal("e", after[2].Text);
        Assert.StartsWith("press-3/another run/", after[2].Id, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_taken_and_not_acknowledged_is_taken_again_after_a_broken_connection()
    {
        using var rig = new OutboxRig(new SimulatedDisk());
        rig.Keep("a", "b", "c");
        rig.Outbox.Acknowledge(rig.TakeAll()[0].Sequence);
        Assert.Empty(rig.TakeAll());
        rig.Outbox.Rewind();
        Assert.Equal(["b", "c"], rig.TakeTexts());
    }

    [Fact]
    public async Task A_giver_is_told_when_the_sync_has_returned_and_not_before()
    {
        var disk = new SimulatedDisk();
        using var rig = new OutboxRig(disk);
        rig.Keep("first"); // its file is there now
        using var gate = new ManualResetEventSlim();
        using var reached = new ManualResetEventSlim();
        disk.Syncing = () =>
        {
            reached.Set();
            gate.Wait(TestContext.Current.CancellationToken);
        };
        Task kept = rig.KeepAsync("second");
        reached.Wait(TestContext.Current.CancellationToken);
        Assert.False(kept.IsCompleted);
        Assert.Equal(["first"], rig.TakeTexts()); // and it is not sent either
        disk.Syncing = null;
        gate.Set();
        await kept;
        Assert.Equal(["second"], rig.TakeTexts());
    }

    [Fact]
    public async Task What_gathers_while_the_disk_is_busy_shares_one_sync()
    {
        var disk = new SimulatedDisk();
        using var rig = new OutboxRig(disk);
        rig.Keep("first");
        long before = rig.Outbox.Commits;
        using var gate = new ManualResetEventSlim();
        using var reached = new ManualResetEventSlim();
        disk.Syncing = () =>
        {
            reached.Set();
            gate.Wait(TestContext.Current.CancellationToken);
        };
        Task slow = rig.KeepAsync("slow");
        reached.Wait(TestContext.Current.CancellationToken);
        Task[] others = [.. Enumerable.Range(0, 20).Select(i => rig.KeepAsync($"{i}"))];
        gate.Set();
        await Task.WhenAll([slow, .. others]);
        Assert.Equal(before + 2, rig.Outbox.Commits);
    }

    [Fact]
    public async Task A_full_outbox_drops_the_oldest_and_says_how_many()
    {
        using var rig = new OutboxRig(new SimulatedDisk(), maxBytes: 4 * OutboxRig.SegmentBytes);
        string[] texts = [.. Enumerable.Range(0, 100).Select(i => $"{i} {new string('x', 400)}")];
        rig.Keep(texts);
        string[] left = [.. rig.TakeTexts()];
        Assert.InRange(left.Length, 5, 99);
        Assert.Equal(texts[^left.Length..], left);
        Assert.Equal(100 - left.Length, rig.Outbox.Lost);
        Assert.Equal(100 - left.Length, (await rig.ReportAsync(OutboxReportKind.Dropped)).Count);
    }

    [Fact]
    public void A_message_larger_than_a_file_gets_one_of_its_own()
    {
        var disk = new SimulatedDisk();
        string large = new('x', 3 * OutboxRig.SegmentBytes);
        using (var rig = new OutboxRig(disk))
            rig.Keep("before", large, "after");
        using var again = new OutboxRig(disk);
        Assert.Equal(["before", large, "after"], again.TakeTexts());
    }

    [Fact]
    public void Files_are_used_again_and_the_log_does_not_grow()
    {
        var disk = new SimulatedDisk();
        using var rig = new OutboxRig(disk);
        for (int round = 0; round < 50; round++)
        {
            rig.Keep([.. Enumerable.Range(0, 20).Select(i => $"{round}.{i} {new string('x', 100)}")]);
            foreach ((long sequence, _, _) in rig.TakeAll())
                rig.Outbox.Acknowledge(sequence);
        }
        rig.Keep("end");
        Assert.InRange(disk.Names.Count(name => name.EndsWith(".log", StringComparison.Ordinal)), 1, 4);
    }

    [Fact]
    public async Task Messages_that_are_too_old_are_dropped_where_the_clock_can_be_trusted()
    {
        var disk = new SimulatedDisk();
        using (var rig = new OutboxRig(disk))
            rig.Keep("old"); // stamped by the samples' clock, years before the other
        using var again = new OutboxRig(disk, new MessageStamp(Samples.Topics, new LaterClock()), clock: new LaterClock());
        again.Keep("new");
        Assert.Equal(["new"], again.TakeTexts());
        Assert.Equal(1, (await again.ReportAsync(OutboxReportKind.Expired)).Count);
    }

    [Fact]
    public async Task A_disk_that_is_full_is_told_of_and_messages_wait_in_memory_until_there_is_room_again()
    {
        var disk = new SimulatedDisk();
        using (var rig = new OutboxRig(disk, memory: 50))
        {
            rig.Keep("on disk");
            disk.Room = 0;
            await rig.KeepAsync("in memory"); // whoever waits is told, too: the line must not stay busy for ever
            Assert.Contains("No space left", rig.Outbox.Problem, StringComparison.Ordinal);
            Assert.Contains("would not survive", (await rig.ReportAsync(OutboxReportKind.DiskFailed)).Message, StringComparison.Ordinal);
            rig.Keep("in memory, too");
            Assert.Equal(["on disk", "in memory", "in memory, too"], rig.TakeTexts());
            rig.Outbox.Rewind();
            disk.Room = long.MaxValue;
            await rig.UntilAsync(outbox => outbox.Problem is null);
            await rig.ReportAsync(OutboxReportKind.DiskRecovered);
            rig.Keep("on disk again");
            Assert.Equal(["on disk", "in memory", "in memory, too", "on disk again"], rig.TakeTexts());
        }
        using var again = new OutboxRig(disk);
        Assert.Equal(["on disk", "in memory", "in memory, too", "on disk again"], again.TakeTexts());
    }

    [Fact]
    public async Task A_disk_that_is_read_only_from_the_start_is_used_once_it_can_be()
    {
        var disk = new SimulatedDisk { WriteFailure = new IOException("Read-only file system") };
        using (var rig = new OutboxRig(disk))
        {
            Assert.Contains("Read-only", rig.Outbox.Problem, StringComparison.Ordinal);
            rig.Keep("a", "b");
            Assert.Equal("a", rig.TakeTexts().First());
            disk.WriteFailure = null;
            await rig.UntilAsync(outbox => outbox.Problem is null);
            rig.Outbox.Rewind();
            Assert.Equal(["a", "b"], rig.TakeTexts());
        }
        using var again = new OutboxRig(disk);
        Assert.Equal(["a", "b"], again.TakeTexts());
    }

    [Fact]
    public async Task Memory_is_bounded_too()
    {
        var disk = new SimulatedDisk { WriteFailure = new UnauthorizedAccessException("no") };
        using var rig = new OutboxRig(disk, memory: 3);
        rig.Keep("a", "b", "c", "d", "e");
        Assert.Equal(["c", "d", "e"], rig.TakeTexts());
        Assert.Equal(2, (await rig.ReportAsync(OutboxReportKind.Dropped)).Count);
    }

    [Fact]
    public void Two_workers_of_one_name_do_not_share_a_folder()
    {
        string folder = Directory.CreateTempSubdirectory("outbox-").FullName;
        try
        {
            var disk = new LocalDisk();
            using IDisposable first = disk.Claim(folder);
            Assert.Throws<OutboxInUseException>(() => disk.Claim(folder));
            using IDisposable second = OutboxFolder.FirstFree(folder, disk.Claim);
            Assert.True(Directory.Exists(folder + ".2"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            Directory.Delete(folder + ".2", recursive: true);
        }
    }

    [Theory]
    [InlineData("/var/lib/yolact-edge/outbox/dev", "STATE_DIRECTORY=/var/lib/yolact-edge:/other", "HOME=/root")]
    [InlineData("/x/yolact-edge/outbox/dev", "XDG_STATE_HOME=/x", "HOME=/root")]
    [InlineData("/home/me/.local/state/yolact-edge/outbox/dev", "HOME=/home/me")]
    public void The_state_folder_holds_it_when_nobody_says_otherwise(string expected, params string[] variables)
    {
        Dictionary<string, string> set = variables.ToDictionary(v => v.Split('=')[0], v => v.Split('=')[1]);
        Assert.Equal(expected, OutboxFolder.Default("dev", set.GetValueOrDefault));
        Assert.StartsWith(Path.GetTempPath(), OutboxFolder.Default("dev", _ => null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_real_disk_it_is_the_same()
    {
        string folder = Directory.CreateTempSubdirectory("outbox-").FullName;
        try
        {
            var options = new OutboxOptions { Path = Path.Combine(folder, "a", "b"), MaxMib = 4 };
            for (int run = 0; run < 3; run++)
            {
                using MessageOutbox outbox = MessageOutbox.Open(options, "dev", 10, new PayloadPool(), TimeProvider.System, NullLogger.Instance);
                Assert.Null(outbox.Problem);
                Assert.Equal(run, outbox.Waiting);
                using var rig = new OutboxRig(new SimulatedDisk());
                outbox.Add(rig.Message($"{run}"));
                await outbox.FlushAsync().WaitAsync(TestContext.Current.CancellationToken);
            }
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(options.Path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class LaterClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
