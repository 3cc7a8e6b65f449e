using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Yolact.Edge.Messaging.Tests.Brokers;

/// <summary>A link to a broker that can be cut, or go dead without a word.</summary>
internal sealed class LinkProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, TcpClient> _links = new();
    private readonly EndPoint _broker;
    private readonly Task _accepting;
    private volatile bool _dead;

    public LinkProxy(IPEndPoint broker)
    {
        _broker = broker;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>While set, what comes in on either side is swallowed, and nobody is told.</summary>
    public bool IsDead
    {
        get => _dead;
        set => _dead = value;
    }

    /// <summary>Breaks every connection off.</summary>
    public void Cut()
    {
        foreach ((TcpClient client, TcpClient broker) in _links)
        {
            try
            {
                // A reset, not an orderly end. A link that ends by itself at this moment has no socket any more.
                client.Client?.LingerState = new LingerOption(true, 0);
            }
            catch (ObjectDisposedException)
            {
                // Gone already.
            }
            client.Close();
            broker.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = LinkAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task LinkAsync(TcpClient client)
    {
        using var broker = new TcpClient { NoDelay = true };
        using (client)
        {
            _links[client] = broker;
            try
            {
                client.NoDelay = true;
                await broker.ConnectAsync((IPEndPoint)_broker);
                await Task.WhenAny(PumpAsync(client, broker), PumpAsync(broker, client));
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // Either side is gone.
            }
            _links.TryRemove(client, out _);
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        try
        {
            byte[] bytes = new byte[1 << 16];
            NetworkStream source = from.GetStream(), target = to.GetStream();
            while (await source.ReadAsync(bytes) is > 0 and int read)
            {
                if (!_dead)
                    await target.WriteAsync(bytes.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The link is cut.
        }
    }
}
