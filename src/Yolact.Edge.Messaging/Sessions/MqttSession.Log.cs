using Microsoft.Extensions.Logging;
using MQTTnet;

namespace Yolact.Edge.Messaging.Sessions;

public sealed partial class MqttSession
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Connected to the broker at {Broker} with MQTT {Version}.")]
        public static partial void Connected(ILogger logger, string broker, string version);

        [LoggerMessage(2, LogLevel.Warning, "No connection to the broker at {Broker}: {Problem}. Trying again in the background.")]
        public static partial void NotConnected(ILogger logger, string broker, string problem);

        [LoggerMessage(3, LogLevel.Warning, "Lost the broker at {Broker}: {Problem}.")]
        public static partial void ConnectionLost(ILogger logger, string broker, string problem);

        [LoggerMessage(4, LogLevel.Error, "The broker refused a message on {Topic}: {Reason}")]
        public static partial void Refused(ILogger logger, string topic, string reason);

        [LoggerMessage(5, LogLevel.Warning, "The connection could not be closed in order: {Problem}.")]
        public static partial void CloseFailed(ILogger logger, string problem);

        [LoggerMessage(6, LogLevel.Error, "The broker does not let this device listen to {Filter}: {Code} {Reason}")]
        public static partial void SubscriptionRefused(ILogger logger, string filter, MqttClientSubscribeResultCode code, string? reason);
    }
}
