using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Tests.Lines;

public class LineGapsTests
{
    [Fact]
    public void Missing_numbers_are_events_that_were_lost()
    {
        List<long> missed = [];
        var gaps = new LineGaps(missed.Add);
        foreach (long number in (long[])[7, 8, 9, 12, 13, 20])
            gaps.OnLine(new LineEvent(default, LineEdge.Rising, number));
        Assert.Equal([2, 6], missed);
    }
}
