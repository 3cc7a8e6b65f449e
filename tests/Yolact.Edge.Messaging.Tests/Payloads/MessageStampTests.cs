using Yolact.Edge.Imaging;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Tests.Payloads;

public sealed class MessageStampTests
{
    [Fact]
    public void Ids_rise_and_two_runs_share_none()
    {
        var first = new MessageStamp(Samples.Topics, TimeProvider.System);
        var second = new MessageStamp(Samples.Topics, TimeProvider.System);
        string[] ids = [first.Next().Id, first.Next().Id, second.Next().Id];
        Assert.Equal($"press-3/{first.Run}/1", ids[0]);
        Assert.Equal($"press-3/{first.Run}/2", ids[1]);
        Assert.Equal(3, ids.Distinct().Count());
    }

    [Fact]
    public void The_boot_id_is_the_kernels()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only.");
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), new MessageStamp(Samples.Topics, TimeProvider.System).BootId);
    }

    [Fact]
    public void A_moment_of_this_boot_is_put_on_the_wall_clock()
    {
        var time = new MessageTime(new DateTime(2026, 1, 1, 0, 0, 10, DateTimeKind.Utc), true, 5_000_000_000, "boot");
        Assert.Equal(new DateTime(2026, 1, 1, 0, 0, 6, DateTimeKind.Utc), time.UtcOf(new MonotonicTime(1_000_000_000)));
    }
}
