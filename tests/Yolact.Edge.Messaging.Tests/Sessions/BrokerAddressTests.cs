using System.Net;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Messaging.Tests.Sessions;

public sealed class BrokerAddressTests
{
    [Fact]
    public void It_is_host_and_port_as_they_were_configured()
    {
        Assert.Equal("plant.example:8883", BrokerAddress.Of(new DnsEndPoint("plant.example", 8883)));
        Assert.Equal("127.0.0.1:1883", BrokerAddress.Of(new DnsEndPoint("127.0.0.1", 1883)));
        Assert.Equal("[::1]:1883", BrokerAddress.Of(new IPEndPoint(IPAddress.IPv6Loopback, 1883)));
    }
}
