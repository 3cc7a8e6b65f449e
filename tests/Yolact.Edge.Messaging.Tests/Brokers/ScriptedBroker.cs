using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Yolact.Edge.Messaging.Tests.Brokers;

/// <summary>A broker of MQTT 5 that accepts one client after the other with the properties a test gives, and says only what the test says.</summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _properties;
    private readonly Channel<Packet> _packets = Channel.CreateUnbounded<Packet>();
    private readonly Task _serving;
    private NetworkStream? _stream;

    /// <summary>Listens.</summary>
    /// <param name="properties">Properties of the CONNACK, as they lie on the wire (MQTT 5, section 3.2.2.3).</param>
    public ScriptedBroker(params byte[] properties)
    {
        _properties = properties;
        _listener.Start();
        _serving = ServeAsync();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The next packet of a type (MQTT, section 2.1.2); others are passed over.</summary>
    public async Task<Packet> NextAsync(int type)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            Packet packet = await _packets.Reader.ReadAsync(patience.Token);
            if (packet.Type == type)
                return packet;
        }
    }

    public bool TryNext(out Packet packet) => _packets.Reader.TryRead(out packet!);

    public async Task SayAsync(params byte[] packet) => await _stream!.WriteAsync(packet);

    public Task AcknowledgeAsync(Packet publish) => SayAsync(0x40, 2, (byte)(publish.Id >> 8), (byte)publish.Id);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        _stream?.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                _stream = client.GetStream();
                await ReadAsync(_stream);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task ReadAsync(NetworkStream stream)
    {
        try
        {
            byte[] one = new byte[1];
            while (true)
            {
                await stream.ReadExactlyAsync(one);
                byte first = one[0];
                int length = 0;
                for (int shift = 0; ; shift += 7)
                {
                    await stream.ReadExactlyAsync(one);
                    length |= (one[0] & 0x7f) << shift;
                    if (one[0] < 0x80)
                        break;
                }
                byte[] body = new byte[length];
                await stream.ReadExactlyAsync(body);
                if (first >> 4 == Packet.Connect)
                    await stream.WriteAsync((byte[])[0x20, (byte)(3 + _properties.Length), 0, 0, (byte)_properties.Length, .. _properties]);
                _packets.Writer.TryWrite(new Packet(first, body));
            }
        }
        catch (Exception e) when (e is IOException or EndOfStreamException or ObjectDisposedException)
        {
            // The client is gone.
        }
    }

    /// <summary>A packet.</summary>
    internal sealed record Packet(byte First, byte[] Body)
    {
        public const int Connect = 1, Publish = 3, PingRequest = 12;

        public int Type => First >> 4;

        public string Topic => Encoding.UTF8.GetString(Body, 2, BinaryPrimitives.ReadUInt16BigEndian(Body));

        public int Id => BinaryPrimitives.ReadUInt16BigEndian(Body.AsSpan(2 + BinaryPrimitives.ReadUInt16BigEndian(Body)));
    }
}
