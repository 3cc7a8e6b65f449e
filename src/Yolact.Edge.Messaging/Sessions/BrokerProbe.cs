using System.Net;
using MQTTnet;
using MQTTnet.Formatter;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>Tries whether a broker answers: connects with the configured settings, says nothing, and hangs up.</summary>
public static class BrokerProbe
{
    /// <summary>Connects once. The appliance's own session is not disturbed: the client id is another.</summary>
    /// <param name="options">Valid options with a host.</param>
    /// <param name="device">Name of the device, of which the client id is made.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null where the broker accepted the connection; else why not, in words without a secret.</returns>
    public static async Task<string?> TryAsync(MqttOptions options, string device, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Host, nameof(options));
        var broker = new DnsEndPoint(options.Host, options.EffectivePort);
        MqttProtocolVersion first = options.Version == MqttVersion.V311 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
        (string? problem, bool mayBeVersion) = await TryAsync(options, device, broker, first, cancellation);
        if (problem is not null && mayBeVersion && options.Version == MqttVersion.Auto)
            (problem, _) = await TryAsync(options, device, broker, MqttProtocolVersion.V311, cancellation);
        return problem;
    }

    private static async Task<(string? Problem, bool MayBeVersion)> TryAsync(
        MqttOptions options, string device, DnsEndPoint broker, MqttProtocolVersion version, CancellationToken cancellation)
    {
        string? certificateProblem = null;
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        using PayloadBuffer nothing = new PayloadPool().Rent();
        try
        {
            MqttClientOptions settings = ClientOptions.Create(options, $"{options.ClientId ?? device}-doctor", broker, version,
                "", nothing, problem => certificateProblem = problem);
            // A visitor leaves no will: its hanging up is nobody's death.
            (settings.WillTopic, settings.WillPayload, settings.WillRetain, settings.WillContentType) = (null, null, false, null);
            MqttClientConnectResult result = await client.ConnectAsync(settings, cancellation);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
                return (ConnectionProblem.Describe(result.ResultCode, result.ReasonString),
                    result.ResultCode == MqttClientConnectResultCode.UnsupportedProtocolVersion);
            await client.DisconnectAsync(new MqttClientDisconnectOptions(), cancellation);
            return (null, false);
        }
        catch (Exception error) when (error is not OutOfMemoryException && !cancellation.IsCancellationRequested)
        {
            bool mayBeVersion = certificateProblem is null && ConnectionProblem.MayBeVersion(error);
            return (certificateProblem ?? ConnectionProblem.Describe(error), mayBeVersion);
        }
    }
}
