using CsCheck;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Messaging.Tests.Topics;

public sealed class TopicTreeTests
{
    [Fact]
    public void Topics_lie_below_the_devices_root()
    {
        var topics = new TopicTree("press-3");
        Assert.Equal("yolact/1/press-3/status", topics.Status);
        Assert.Equal("yolact/1/press-3/health", topics.Health);
        Assert.Equal("yolact/1/press-3/events", topics.Events);
        Assert.Equal("yolact/1/press-3/config/desired", topics.ConfigDesired);
        Assert.Equal("yolact/1/press-3/config/reported", topics.ConfigReported);
        Assert.Equal("yolact/1/press-3/camera/main/detections", topics.Detections("main"));
        Assert.Equal("yolact/1/press-3/camera/main/evidence", topics.Evidence("main"));
        Assert.Equal("yolact/1/press-3/command/capture", topics.Command("capture"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("$SYS")]
    [InlineData("-a")]
    [InlineData("ä")]
    [InlineData("a b")]
    [InlineData("a\0")]
    public void A_name_that_is_no_plain_level_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => new TopicTree(name));
        Assert.Throws<ArgumentException>(() => new TopicTree("ok").Detections(name));
    }

    [Fact]
    public void A_valid_name_never_changes_the_shape_of_a_topic() =>
        Gen.Char["ab9-_./+#$ \0"].Array[1, 6].Sample(characters =>
        {
            string name = new(characters);
            return !TopicName.IsValid(name) || new TopicTree(name).Detections(name).Split('/') is ["yolact", "1", _, "camera", _, "detections"];
        });
}
