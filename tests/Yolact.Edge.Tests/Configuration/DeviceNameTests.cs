using CsCheck;
using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Tests.Configuration;

public sealed class DeviceNameTests
{
    [Theory]
    [InlineData("press-3", "press-3")]
    [InlineData("Press 3/A", "Press-3-A")]
    [InlineData("_x", "x")]
    [InlineData("ÄÖ", "device")]
    [InlineData("", "device")]
    public void A_machines_name_becomes_a_topic_name(string machine, string expected) => Assert.Equal(expected, DeviceName.From(machine));

    [Fact]
    public void Any_machines_name_becomes_a_valid_one() => Gen.String[0, 200].Sample(name => TopicName.IsValid(DeviceName.From(name)));
}
