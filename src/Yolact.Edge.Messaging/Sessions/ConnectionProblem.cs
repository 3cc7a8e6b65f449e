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

    /// <summary>One sentence about a failure. Never holds a password: no exception of the client carries one.</summary>
    public static string Describe(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case CertificateRejectedException rejected:
                    return rejected.Message;
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
            if (e is SocketException { SocketErrorCode: not SocketError.ConnectionReset } or AuthenticationException or CertificateRejectedException
                or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or CryptographicException)
                return false;
        }
        return true;
    }
}

/// <summary>The broker's certificate was not accepted.</summary>
/// <param name="message">Why.</param>
internal sealed class CertificateRejectedException(string message) : Exception(message);
