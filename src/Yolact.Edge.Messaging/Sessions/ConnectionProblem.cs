using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using MQTTnet;
using MQTTnet.Exceptions;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>Why there is no connection, in words.</summary>
internal static class ConnectionProblem
{
    /// <summary>One sentence about a broker's refusal.</summary>
    public static string Describe(MqttClientConnectResultCode code, string? reason)
    {
        string words = code switch
        {
            MqttClientConnectResultCode.BadUserNameOrPassword => "user name or password is wrong",
            MqttClientConnectResultCode.NotAuthorized => "this client is not allowed to connect",
            MqttClientConnectResultCode.ClientIdentifierNotValid => "the broker does not accept the client id",
            MqttClientConnectResultCode.UnsupportedProtocolVersion => "the broker does not speak this version of MQTT",
            MqttClientConnectResultCode.ServerUnavailable or MqttClientConnectResultCode.ServerBusy => "the broker is busy",
            MqttClientConnectResultCode.Banned => "this client is banned",
            MqttClientConnectResultCode.QuotaExceeded => "a quota of the broker is used up",
            MqttClientConnectResultCode.UseAnotherServer or MqttClientConnectResultCode.ServerMoved => "the broker asks to use another server",
            _ => $"the broker refused the connection ({code})",
        };
        return string.IsNullOrEmpty(reason) ? words : $"{words}: {reason}";
    }

    /// <summary>One sentence about the end of a connection.</summary>
    public static string Describe(MqttClientDisconnectReason code, string? reason)
    {
        string words = code switch
        {
            MqttClientDisconnectReason.NormalDisconnection => "the connection ended",
            MqttClientDisconnectReason.NotAuthorized => "the broker closed the connection: this client is not allowed to do what it did",
            MqttClientDisconnectReason.ServerBusy => "the broker closed the connection: it is busy",
            MqttClientDisconnectReason.ServerShuttingDown => "the broker closed the connection: it shuts down",
            MqttClientDisconnectReason.KeepAliveTimeout => "the broker closed the connection: it heard nothing for too long",
            MqttClientDisconnectReason.SessionTakenOver => "the broker closed the connection: another client connected with the same client id",
            MqttClientDisconnectReason.PacketTooLarge => "the broker closed the connection: a message was too large for it",
            MqttClientDisconnectReason.ReceiveMaximumExceeded => "the broker closed the connection: too many messages were under way",
            MqttClientDisconnectReason.MessageRateTooHigh or MqttClientDisconnectReason.ConnectionRateExceeded =>
                "the broker closed the connection: messages or connections came too fast",
            MqttClientDisconnectReason.QuotaExceeded => "the broker closed the connection: a quota of it is used up",
            MqttClientDisconnectReason.AdministrativeAction => "the broker closed the connection: somebody asked it to",
            MqttClientDisconnectReason.UseAnotherServer or MqttClientDisconnectReason.ServerMoved => "the broker asks to use another server",
            MqttClientDisconnectReason.MaximumConnectTime => "the broker closed the connection: it had lasted as long as the broker allows",
            MqttClientDisconnectReason.MalformedPacket or MqttClientDisconnectReason.ProtocolError => "the broker closed the connection: it did not understand a packet",
            _ => $"the broker closed the connection ({code})",
        };
        return string.IsNullOrEmpty(reason) ? words : $"{words}: {reason}";
    }

    /// <summary>One sentence about a failure. Never holds a password: no exception of the client carries one.</summary>
    public static string Describe(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case QuotaExceededException:
                    return e.Message;
                case MqttClientUnexpectedDisconnectReceivedException told:
                    return Describe((MqttClientDisconnectReason)(told.ReasonCode ?? 0), told.ReasonString);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "nothing listens there";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return "the host name is not known";
                case SocketException socket:
                    return socket.Message;
                case MqttCommunicationTimedOutException or OperationCanceledException or TimeoutException:
                    return "no answer in time";
                case FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or CryptographicException:
                    return e.Message;
                case AuthenticationException authentication:
                    return $"TLS failed: {(authentication.InnerException ?? authentication).Message}";
            }
        }
        return error.GetBaseException().Message;
    }

    /// <summary>True where the broker was reached but did not like what it heard: perhaps the protocol version.</summary>
    public static bool MayBeVersion(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            if (e is SocketException { SocketErrorCode: not SocketError.ConnectionReset } or AuthenticationException
                or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or CryptographicException)
                return false;
        }
        return true;
    }
}

/// <summary>The broker takes no more for now.</summary>
internal sealed class QuotaExceededException() : Exception("a quota of the broker is used up");
