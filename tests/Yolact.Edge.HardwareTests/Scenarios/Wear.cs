using System.Globalization;
using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class Wear(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs)
{
    private const int Edges = 60;
    private const double DayS = 86_400, SectorBytes = 512, MiB = 1 << 20;

    [Fact]
    public async Task A_day_of_one_part_a_second_wears_the_flash_within_bounds()
    {
        Subscription seen = await SubscribeAsync();
        await Shell.RunAsync("sync");
        (long start, _) = await Appliance.ClocksAsync();
        (double disk, double journal, double lines) before = await ReadAsync();
        await Bench.PulseAsync(BenchLine.Trigger, new(Edges, 1000));
        await seen.WaitAsync(Edges, message => message.AnswersEdge, "answers of all edges");
        await Shell.RunAsync("sync");
        (double disk, double journal, double lines) after = await ReadAsync();
        double seconds = ((await Appliance.ClocksAsync()).Monotonic - start) / 1e9;

        double disk = (after.disk - before.disk) * SectorBytes / seconds * DayS / MiB;
        double journal = (after.journal - before.journal) / seconds * DayS / MiB;
        Measured("written to the disk", disk, "MiB a day");
        Measured("journal text", journal, "MiB a day");
        Measured("journal lines", (after.lines - before.lines) / seconds * DayS, "a day");
        // An outbox that fills files of 1 MiB once and writes a block or two for each message: far from a file system's journal for each.
        Assert.InRange(disk, 0, 6000);
        Assert.InRange(journal, 0, 50);
    }

    // All writes of the disk, the broker's and the journal's among them.
    private async Task<(double Disk, double Journal, double Lines)> ReadAsync()
    {
        string[] figures = (await Shell.RunAsync(
            "awk '{ print $7 }' /sys/block/vda/stat; journalctl -b -o cat -u yolact-edge | wc -c; journalctl -b -o cat -u yolact-edge | wc -l")).Split('\n');
        double[] numbers = [.. figures.Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1], numbers[2]);
    }
}
