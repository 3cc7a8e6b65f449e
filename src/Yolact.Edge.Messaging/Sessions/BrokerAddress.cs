using System.Net;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>How a broker's address is written for people.</summary>
public static class BrokerAddress
{
    /// <summary>Host and port as they are configured, such as <c>plant:8883</c>.</summary>
    /// <param name="broker">The address.</param>
    public static string Of(EndPoint broker) => broker is DnsEndPoint named ? $"{named.Host}:{named.Port}" : $"{broker}";
}
