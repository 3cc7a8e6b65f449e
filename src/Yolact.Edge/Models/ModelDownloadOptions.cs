namespace Yolact.Edge.Models;

/// <summary>A model that is fetched: its files, and how they are known to be the right ones.</summary>
public sealed record ModelDownloadOptions
{
    private const int HashLength = 64;
    private const int MaxUrlLength = 2048;
    private const int MaxSignatureLength = 200;

    /// <summary>Address of the main graph, http or https, whose path ends in .onnx; what stands before that is the model's name.</summary>
    public string Url { get; init; } = "";

    /// <summary>SHA-256 of the main graph, 64 hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>
    /// SHA-256 of the re-scoring graph, which is fetched from the same address with .rescore.onnx for .onnx; null (the default) for a model
    /// without one.
    /// </summary>
    public string? RescoreSha256 { get; init; }

    /// <summary>
    /// Base64 of the ECDSA P-256 signature (DER, SHA-256) over the text that is made of the hashes above in lower case, each with a line
    /// feed behind it; needed where a public key is configured.
    /// </summary>
    public string? Signature { get; init; }

    /// <summary>The largest file that is taken, in MiB, 1..4096, default 512.</summary>
    public int MaxMib { get; init; } = 512;

    /// <summary>The model's name in messages.</summary>
    internal string Name => Path.GetFileNameWithoutExtension(new Uri(Url).AbsolutePath);

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="signed">Whether a signature is needed.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, bool signed, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (Url.Length > MaxUrlLength || !Uri.TryCreate(Url, UriKind.Absolute, out Uri? address) || !IsModel(address))
            report($"{pointer}/url", $"an http or https address of at most {MaxUrlLength} characters whose path ends in NAME.onnx (letters, digits, '_', '-', '.'), without a password");
        if (!IsHash(Sha256))
            report($"{pointer}/sha256", $"{HashLength} hexadecimal digits");
        if (RescoreSha256 is not null && !IsHash(RescoreSha256))
            report($"{pointer}/rescore_sha256", $"{HashLength} hexadecimal digits");
        if (Signature is null ? signed : Signature.Length > MaxSignatureLength || !IsBase64(Signature))
            report($"{pointer}/signature", "the Base64 of a signature: a public key is configured, or this is none");
        if (MaxMib is < 1 or > 4096)
            report($"{pointer}/max_mib", $"1 to 4096, not {MaxMib}");
    }

    private static bool IsModel(Uri address)
    {
        string file = Path.GetFileName(address.AbsolutePath);
        return (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.UserInfo.Length == 0
            && file.EndsWith(".onnx", StringComparison.Ordinal) && !file.EndsWith(".rescore.onnx", StringComparison.Ordinal)
            && file.Length is > 5 and <= 128 && char.IsAsciiLetterOrDigit(file[0]) && file.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
    }

    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigit);

    private static bool IsBase64(string text) => Convert.TryFromBase64String(text, new byte[MaxSignatureLength], out _);
}
