using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>Turns options into what the MQTT library wants; reads secrets and certificates anew each time.</summary>
internal static class ClientOptions
{
    private const long MaxPasswordBytes = 4096;

    public static MqttClientOptions Create(
        MqttOptions options, string clientId, EndPoint broker, MqttProtocolVersion version, string? willTopic, PayloadBuffer? will, Action<string> certificateProblem)
    {
        var result = new MqttClientOptions
        {
            ClientId = clientId,
            ProtocolVersion = version,
            ChannelOptions = new MqttClientTcpOptions { RemoteEndpoint = broker, NoDelay = true, TlsOptions = Tls(options, certificateProblem) },
            // What the device has to say is kept on its own side; the broker may keep what it is to be told.
            CleanSession = options.SessionExpiryS == 0,
            KeepAlivePeriod = TimeSpan.FromSeconds(options.KeepAliveS),
            Timeout = TimeSpan.FromSeconds(options.TimeoutS),
        };
        if (will is not null)
        {
            result.WillTopic = willTopic;
            result.WillPayload = will.WrittenMemory.ToArray();
            result.WillQualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce;
            result.WillRetain = true;
        }
        if (version == MqttProtocolVersion.V500)
        {
            result.RequestProblemInformation = true;
            result.SessionExpiryInterval = (uint)options.SessionExpiryS;
        }
        if (version == MqttProtocolVersion.V500 && will is not null)
        {
            result.WillContentType = MqttSession.ContentType;
            result.WillPayloadFormatIndicator = MqttPayloadFormatIndicator.CharacterData;
        }
        if (options.Username is not null)
            result.Credentials = new MqttClientCredentials(options.Username, Password(options.PasswordFile));
        return result;
    }

    private static MqttClientTlsOptions Tls(MqttOptions options, Action<string> problem)
    {
        if (options.Tls is not { } tls)
            return new MqttClientTlsOptions { UseTls = false };
        X509Certificate2Collection? authorities = tls.LoadAuthorities();
        X509Certificate2? certificate = tls.LoadCertificate();
        return new MqttClientTlsOptions
        {
            UseTls = true,
            TargetHost = tls.ServerName ?? options.Host,
            ClientCertificatesProvider = certificate is null ? null : new DefaultMqttCertificatesProvider([certificate]),
            CertificateValidationHandler = arguments => Accept(arguments.Certificate, arguments.SslPolicyErrors, authorities, problem),
            // Plant networks have no way to a revocation list; a revoked authority is taken out of the file instead.
            RevocationMode = X509RevocationMode.NoCheck,
        };
    }

    private static bool Accept(X509Certificate certificate, SslPolicyErrors errors, X509Certificate2Collection? authorities, Action<string> problem)
    {
        using var server = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return Refuse($"the broker's certificate is for {server.GetNameInfo(X509NameType.DnsName, false)}, not for the configured host");
        if (authorities is null)
            return errors == SslPolicyErrors.None || Refuse($"the broker's certificate is not trusted ({Validity(server)})");
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        return chain.Build(server)
            || Refuse($"the broker's certificate is not trusted: {string.Join(' ', chain.ChainStatus.Select(s => s.StatusInformation.Trim()))} ({Validity(server)})");

        bool Refuse(string why)
        {
            problem(why);
            return false;
        }
    }

    private static string Validity(X509Certificate2 certificate) =>
        $"valid {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm}Z to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm}Z";

    private static byte[]? Password(string? file)
    {
        if (file is null)
            return null;
        string? credentials = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");
        string path = credentials is not null && Path.GetFileName(file) == file ? Path.Combine(credentials, file) : file;
        if (new FileInfo(path).Length > MaxPasswordBytes)
            throw new InvalidDataException($"'{path}' is longer than {MaxPasswordBytes} bytes: no password.");
        return Encoding.UTF8.GetBytes(File.ReadAllText(path).TrimEnd('\r', '\n'));
    }
}
