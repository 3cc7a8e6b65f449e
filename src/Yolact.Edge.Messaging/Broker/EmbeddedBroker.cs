using System.Net;
using System.Net.Sockets;
using MQTTnet.Formatter;
using MQTTnet.Server;

namespace Yolact.Edge.Messaging.Broker;

/// <summary>
/// An MQTT broker in this process, reachable from this machine alone: what a laptop or a first start uses. Keeps retained messages
/// in memory; a slow subscriber loses its oldest messages.
/// </summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private const int PortsTried = 64;
    private const int MaxPendingPerClient = 1000;

    private readonly MqttServer _server;

    private EmbeddedBroker(MqttServer server, IPEndPoint endpoint) => (_server, Endpoint) = (server, endpoint);

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Starts a broker on 127.0.0.1.</summary>
    /// <param name="port">The port, 1..65535; the next free one where it is taken.</param>
    /// <exception cref="IOException">No free port among the next ones.</exception>
    public static async Task<EmbeddedBroker> StartAsync(int port = 1883)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        int last = Math.Min(port + PortsTried - 1, IPEndPoint.MaxPort);
        for (int candidate = port; candidate <= last; candidate++)
        {
            MqttServer server = Create(candidate);
            try
            {
                await server.StartAsync();
                return new EmbeddedBroker(server, new IPEndPoint(IPAddress.Loopback, candidate));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                server.Dispose();
            }
        }
        throw new IOException($"The embedded broker found no free port on 127.0.0.1 from {port} to {last}; set mqtt.port to a free one.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsStarted)
            await _server.StopAsync(new MqttServerStopOptions());
        _server.Dispose();
    }

    private static MqttServer Create(int port)
    {
        var options = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(port)
            .WithMaxPendingMessagesPerClient(MaxPendingPerClient)
            .Build();
        // A port in TIME_WAIT after a restart is free; one that another broker listens on is not.
        options.DefaultEndpointOptions.ReuseAddress = false;
        var factory = new MqttServerFactory();
        MqttServer server = factory.CreateMqttServer(options, factory.DefaultServerAdapters.Select(make => new NamingAdapter(make(factory))));
        server.ValidatingConnectionAsync += static arguments =>
        {
            // MQTT 5, section 3.2.2.3.7: the broker names a client without an id, and tells it.
            if (string.IsNullOrEmpty(arguments.ClientId) && arguments.ProtocolVersion == MqttProtocolVersion.V500)
                arguments.AssignedClientIdentifier = NamingAdapter.NewName();
            return Task.CompletedTask;
        };
        return server;
    }
}
