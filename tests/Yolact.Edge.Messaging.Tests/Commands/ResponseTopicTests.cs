using CsCheck;
using Yolact.Edge.Messaging.Commands;

namespace Yolact.Edge.Messaging.Tests.Commands;

public sealed class ResponseTopicTests
{
    [Theory]
    [InlineData("replies/1234", true)]
    [InlineData("yolact-replies/ann", true)]
    [InlineData("Yolact/1/press-3/status", true)] // topics are case-sensitive: another tree
    [InlineData("/", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("yolact", false)]
    [InlineData("yolact/1/press-3/status", false)]
    [InlineData("yolact/1/press-3/command/restart", false)]
    [InlineData("yolact/1/press-4/config/desired", false)]
    [InlineData("yolact/2/x", false)]
    [InlineData("$SYS/broker", false)]
    [InlineData("$share/a/b", false)]
    [InlineData("a/+/b", false)]
    [InlineData("a/#", false)]
    [InlineData("a\0b", false)]
    public void It_is_no_topic_of_a_device_or_the_broker(string? topic, bool valid) => Assert.Equal(valid, ResponseTopic.IsValid(topic));

    [Fact]
    public void It_is_not_longer_than_the_limit_in_bytes()
    {
        Assert.True(ResponseTopic.IsValid(new string('a', ResponseTopic.MaxBytes)));
        Assert.False(ResponseTopic.IsValid(new string('ä', ResponseTopic.MaxBytes)));
    }

    [Fact]
    public void No_topic_below_the_devices_root_is_one() =>
        Gen.String[Gen.Char["ab/1+#-"], 0, 20].Sample(rest => !ResponseTopic.IsValid("yolact/" + rest));
}
