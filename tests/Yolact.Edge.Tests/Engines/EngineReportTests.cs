using Yolact.Edge.Engines;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Memory;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Tests.Engines;

public sealed class EngineReportTests
{
    [Theory]
    [InlineData(750, true, true)]
    [InlineData(751, true, false)]
    [InlineData(1501, false, false)]
    public void A_second_network_fits_where_twice_the_memory_is_within_the_budget(double mib, bool within, bool room)
    {
        var report = new EngineReport(new ProviderChoice(ExecutionProvider.Cpu, []), null, null, 1500, new MemoryUse(mib, "RSS"), new EngineLimits(), []);
        Assert.Equal((within, room), (report.WithinBudget, report.LeavesRoomForAnother));
    }
}
