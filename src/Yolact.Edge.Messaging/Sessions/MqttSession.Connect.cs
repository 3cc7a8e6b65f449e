using MQTTnet;
using MQTTnet.Formatter;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>Connecting.</summary>
public sealed partial class MqttSession
{
    private async Task<bool> ConnectAsync(CancellationToken cancellation)
    {
        _certificateProblem = null;
        _farewell = new Farewell();
        // The library's own timeout counts only where nobody can cancel.
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TimeoutS), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using PayloadBuffer will = _pool.Rent();
            _will(will, Connections + 1);
            MqttClientOptions options =
                ClientOptions.Create(_options, _clientId, _broker, _version, _willTopic, will, problem => _certificateProblem = problem);
            MqttClientConnectResult result = await _client.ConnectAsync(options, either.Token);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
            {
                Fail(ConnectionProblem.Describe(result.ResultCode, result.ReasonString),
                    result.ResultCode == MqttClientConnectResultCode.UnsupportedProtocolVersion);
                return false;
            }
            _limits = BrokerLimits.Of(result, _version, TimeSpan.FromSeconds(_options.KeepAliveS));
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(_certificateProblem ?? (late.IsCancellationRequested ? $"no answer within {_options.TimeoutS} s" : ConnectionProblem.Describe(e)),
                _certificateProblem is null && !late.IsCancellationRequested && ConnectionProblem.MayBeVersion(e));
            return false;
        }
        if (!_limits.Acknowledges)
        {
            await AbandonAsync();
            Fail("the broker acknowledges nothing (maximum QoS 0): promised messages need QoS 1", false);
            return false;
        }
        Welcome();
        return true;
    }

    private void Welcome()
    {
        Interlocked.Increment(ref _connections);
        Problem = null;
        Log.Connected(_logger, BrokerAddress.Of(_broker), _version == MqttProtocolVersion.V500 ? "5" : "3.1.1");
        _window.Clear();
        _outbox.Rewind();
        _queues.RenewState();
        Volatile.Write(ref _granted, 0);
        _inbox.Renew();
    }

    private void Fail(string problem, bool mayBeVersion)
    {
        // Said once, not every half minute of a night without a broker.
        if (Problem != problem)
            Log.NotConnected(_logger, BrokerAddress.Of(_broker), problem);
        Problem = problem;
        if (mayBeVersion && _options.Version == MqttVersion.Auto)
            _version = _version == MqttProtocolVersion.V500 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
    }

    // A dead link does not take a goodbye either: it is not waited for long.
    private async Task AbandonAsync()
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(1), _clock);
        try
        {
            if (_client.IsConnected)
                await _client.DisconnectAsync(new MqttClientDisconnectOptions { Reason = MqttClientDisconnectOptionsReason.UnspecifiedError }, enough.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.CloseFailed(_logger, ConnectionProblem.Describe(e));
        }
    }
}
