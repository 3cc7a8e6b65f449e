using System.Security.Cryptography;
using System.Text;

namespace Yolact.Edge.Models;

/// <summary>Whether a model's hashes are signed: ECDSA over P-256 with SHA-256, DER, as <c>openssl dgst -sha256 -sign</c> writes it.</summary>
internal static class ModelSignature
{
    /// <summary>What is signed: each hash in lower case with a line feed behind it.</summary>
    public static byte[] SignedText(ModelDownloadOptions model) =>
        Encoding.ASCII.GetBytes(string.Concat(((string?[])[model.Sha256, model.RescoreSha256]).OfType<string>().Select(hash => hash.ToLowerInvariant() + "\n")));

    /// <summary>Checks the signature.</summary>
    /// <param name="model">The model.</param>
    /// <param name="publicKeyFile">PEM file.</param>
    /// <exception cref="ModelRefusedException">It is not signed with that key.</exception>
    /// <exception cref="IOException">The key cannot be read.</exception>
    public static void Check(ModelDownloadOptions model, string publicKeyFile)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(publicKeyFile));
            if (key.ExportParameters(false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
                throw new CryptographicException("it is not of the curve P-256.");
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new ModelRefusedException($"{publicKeyFile} holds no public key for models: {error.Message}");
        }
        if (!key.VerifyData(SignedText(model), Convert.FromBase64String(model.Signature!), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
            throw new ModelRefusedException($"the signature of model {model.Name} is not of the key in {publicKeyFile}");
    }
}
