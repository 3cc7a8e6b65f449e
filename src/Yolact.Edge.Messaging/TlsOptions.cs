using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Yolact.Edge.Messaging;

/// <summary>Encryption of the connection to the broker. Certificates are PEM files and read again at each connection.</summary>
public sealed record TlsOptions
{
    /// <summary>The authority that signed the broker's certificate; null (the default) for the system's authorities.</summary>
    public string? CaFile { get; init; }

    /// <summary>The client's certificate with its chain (mTLS); null (the default) for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The client certificate's private key; null where <see cref="CertificateFile"/> holds it, or there is none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The name that the broker's certificate must carry; null (the default) for the host that is connected to.</summary>
    public string? ServerName { get; init; }

    /// <summary>Checks every rule; files are opened, so that a wrong one is known before the first connection.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (KeyFile is not null && CertificateFile is null)
            report($"{pointer}/certificate_file", "a certificate that the key belongs to");
        if (ServerName is not null && Uri.CheckHostName(ServerName) == UriHostNameType.Unknown)
            report($"{pointer}/server_name", $"a host name, not '{ServerName}'");
        if (CaFile is not null)
            Try($"{pointer}/ca_file", CaFile, () => LoadAuthorities());
        if (CertificateFile is not null)
            Try($"{pointer}/certificate_file", CertificateFile, () => LoadCertificate());

        void Try(string where, string file, Func<object?> load)
        {
            try
            {
                (load() as IDisposable)?.Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                report(where, $"a readable PEM file, but '{file}': {e.Message}");
            }
        }
    }

    /// <summary>The authorities of <see cref="CaFile"/>; null for the system's.</summary>
    internal X509Certificate2Collection? LoadAuthorities()
    {
        if (CaFile is null)
            return null;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(CaFile);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate.");
    }

    /// <summary>The client's certificate with its private key; null for none.</summary>
    internal X509Certificate2? LoadCertificate() =>
        CertificateFile is null ? null : X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
}
