using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Yolact.Edge.Messaging.Tests.Brokers;

/// <summary>A certificate authority of a test's own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1), Until = DateTimeOffset.UtcNow.AddDays(1);

    private readonly X509Certificate2 _ca;

    public TestAuthority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _ca = request.CreateSelfSigned(From, Until);
    }

    public void WriteCa(string path) => Write(path, _ca.ExportCertificatePem());

    public void WriteServer(string dnsName, string folder, bool expired = false) =>
        Issue(dnsName, "1.3.6.1.5.5.7.3.1", Path.Combine(folder, "server"), expired ? From.AddHours(2) : Until.AddHours(-1));

    public void WriteClient(string name, string folder) => Issue(name, "1.3.6.1.5.5.7.3.2", Path.Combine(folder, "client"), Until.AddHours(-1));

    public void Dispose() => _ca.Dispose();

    private void Issue(string name, string usage, string path, DateTimeOffset until)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using X509Certificate2 certificate = request.Create(_ca, From.AddHours(1), until, RandomNumberGenerator.GetBytes(8));
        Write(path + ".pem", certificate.ExportCertificatePem());
        Write(path + ".key", key.ExportPkcs8PrivateKeyPem());
    }

    private static void Write(string path, string pem) => File.WriteAllText(path, pem + "\n");
}
