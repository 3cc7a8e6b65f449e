using CsCheck;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Outbox.Disk;

namespace Yolact.Edge.Messaging.Tests.Outbox;

/// <summary>What is left of an outbox that time, a bad disk or a power cut had its way with.</summary>
public sealed class DamageTests
{
    private static readonly long Runs = long.TryParse(Environment.GetEnvironmentVariable("POWER_CUTS"), out long runs) ? runs : 50;

    private static readonly string[] Texts = ["first", "the second one", "third", "number four"];

    [Fact]
    public void A_flipped_bit_anywhere_costs_one_message_at_most_and_is_told_of()
    {
        (SimulatedDisk disk, string file, int end) = Written();
        for (int bit = 0; bit < end * 8; bit += 5)
        {
            disk.BytesOf(file)[bit / 8] ^= (byte)(1 << (bit % 8));
            using (var rig = new OutboxRig(disk.Copy()))
            {
                string[] left = [.. rig.TakeTexts()];
                string[] expected = [.. Texts.Where(left.Contains)];
                Assert.Equal(expected, left);
                Assert.InRange(left.Length, Texts.Length - 1, Texts.Length);
                rig.Dispose();
                Assert.True(left.Length == Texts.Length || rig.Outbox.Lost == 1 || left[^1] == Texts[^2], $"bit {bit}: {rig.Outbox.Lost} lost");
            }
            disk.BytesOf(file)[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task Damage_is_told_of_once_and_a_copy_kept()
    {
        (SimulatedDisk disk, string file, int end) = Written();
        disk.BytesOf(file)[end / 2] ^= 1;
        using (var rig = new OutboxRig(disk))
        {
            OutboxReport report = await rig.ReportAsync(OutboxReportKind.Damaged);
            Assert.Equal(1, report.Count);
            Assert.Equal(3, rig.TakeAll().Count);
        }
        Assert.Contains($"damaged-{file}", disk.Names);
        using var again = new OutboxRig(disk);
        Assert.Equal(3, again.TakeAll().Count);
        Assert.Equal(0, again.Outbox.Lost);
    }

    [Fact]
    public void A_file_cut_short_anywhere_keeps_what_is_whole_and_says_so()
    {
        (SimulatedDisk disk, string file, int end) = Written();
        for (int length = end; length >= 0; length -= 3)
        {
            SimulatedDisk cut = disk.Copy();
            cut.Truncate(file, length);
            using var rig = new OutboxRig(cut);
            string[] left = [.. rig.TakeTexts()];
            Assert.Equal(Texts[..left.Length], left);
            rig.Keep("new");
            Assert.Equal(["new"], rig.TakeTexts());
        }
    }

    [Fact]
    public void A_file_of_rubbish_is_set_aside()
    {
        Gen.Byte.Array[0, 2 * OutboxRig.SegmentBytes].Sample(
            rubbish =>
            {
                (SimulatedDisk disk, string file, _) = Written();
                disk.Truncate(file, 0);
                using IOutboxFile open = disk.Open(file);
                open.Write(rubbish, 0);
                using var rig = new OutboxRig(disk);
                Assert.Empty(rig.TakeAll());
                rig.Keep("new");
                Assert.Equal(["new"], rig.TakeTexts());
            },
            iter: 100, threads: 1);
    }

    /// <summary>
    /// Random messages, acknowledgements and power cuts: what was promised and not acknowledged comes after each cut, once, in order and
    /// under its id; nothing comes that was never handed in. POWER_CUTS sets how many such histories are played.
    /// </summary>
    [Fact]
    public void Power_cuts_at_any_moment_lose_nothing_that_was_promised() =>
        Gen.Int[0, int.MaxValue].Sample(Play, iter: Runs, threads: 1);

    private static void Play(int seed)
    {
        var random = new Random(seed);
        var disk = new SimulatedDisk();
        List<string> model = [];
        int promised = 0, acknowledged = 0;
        for (int run = 0; run < 4; run++)
        {
            SimulatedDisk powered = disk;
            SimulatedDisk? cut = null;
            int at = random.Next(1, 25), syncs = 0;
            // The power goes at some sync: what that would have written is torn, and whatever comes later never happened.
            disk.Syncing = () => cut ??= ++syncs == at ? powered.AfterPowerCut(random) : null;
            using (var rig = new OutboxRig(disk))
            {
                List<(long Sequence, string Id, string Text)> left = rig.TakeAll();
                int first = left.Count == 0 ? promised : model.IndexOf(left[0].Text);
                Assert.True(first >= 0 && (first <= acknowledged || acknowledged == promised),
                    $"{promised} were promised and {acknowledged} acknowledged, the first that came was {first}");
                first = Math.Min(first, acknowledged);
                Assert.Equal(model[first..promised], left.Select(one => one.Text).Take(promised - first));
                // Of what was handed in and not promised some may be there, in order.
                Assert.Equal(left.Select(one => one.Text), model[first..].Where(text => left.Exists(one => one.Text == text)));
                model = [.. model[..first], .. left.Select(one => one.Text)];
                for (int i = 0; i < 30 && cut is null; i++)
                {
                    promised = model.Count;
                    for (int n = random.Next(8); n > 0 && acknowledged < promised; n--)
                        rig.Outbox.Acknowledge(left[acknowledged++ - first].Sequence);
                    string[] texts = [.. Enumerable.Range(0, random.Next(1, 6)).Select(n => $"{run}.{i}.{n} {new string('x', random.Next(700))}")];
                    model.AddRange(texts);
                    rig.Keep(texts);
                    left.AddRange(rig.TakeAll());
                }
            }
            disk = cut ?? powered.AfterPowerCut(random);
        }
    }

    private static (SimulatedDisk Disk, string File, int End) Written()
    {
        var disk = new SimulatedDisk();
        using (var rig = new OutboxRig(disk))
            rig.Keep(Texts);
        string file = disk.Names.Single(name => name.StartsWith("segment-", StringComparison.Ordinal));
        return (disk, file, disk.BytesOf(file).AsSpan().LastIndexOfAnyExcept((byte)0) + 1);
    }
}
