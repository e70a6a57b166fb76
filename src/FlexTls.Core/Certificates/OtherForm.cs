using System.Buffers.Text;

namespace FlexTls;

/// <summary>
/// The likely content of a value without a PEM block, and how to convert it to PEM; <see langword="null"/>: not
/// recognized. Messages quote nothing of the value.
/// </summary>
internal static class OtherForm
{
    private const int ShortestBase64 = 16;
    private const int GroupOfBase64 = 4;

    public static string? Of(string text)
    {
        var written = text.AsSpan().Trim();
        return written is ['{', ..] ? "it is JSON, or a template that was not filled in"
            : written is ['<', ..] ? "it is XML, HTML or a placeholder"
            : written.StartsWith("https://") || written.StartsWith("http://")
                ? "it is a web address, from which nothing is loaded; save what is there, and write file:PATH"
            : written.StartsWith("ssh-") || written.StartsWith("ecdsa-sha2-")
                ? "it is an SSH key, which is of no use for TLS"
            : OfBase64(text);
    }

    /// <summary>The same for the content of a file; <see langword="null"/> also for UTF-8 text.</summary>
    public static string? Of(byte[] bytes) =>
        bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || bytes.AsSpan().IndexOf("B\0E\0G\0I\0N"u8) >= 0
            ? "it is text in UTF-16, as Windows PowerShell writes when it redirects output; save it as UTF-8"
        : bytes is [0xFE, 0xED, 0xFE, 0xED, ..]
            ? "it is a Java keystore; convert it with 'keytool -importkeystore -deststoretype pkcs12'"
        : bytes is [0x1F, 0x8B, ..] or [0x50, 0x4B, 0x03, 0x04, ..] ? "it is compressed; unpack it"
        : bytes[0] == 0x30 && bytes.AsSpan().IndexOf("-----BEGIN "u8) < 0 ? OfDer(bytes, "in binary form")
        : null;

    /// <summary>
    /// The likely content of a block or a file with unexpected content; <see langword="null"/>: not recognized.
    /// </summary>
    public static string? NameOf(ReadOnlyMemory<byte> data) => DerForms.Of(data) switch
    {
        DerForm.Certificate => "a certificate, or a request for one",
        DerForm.PrivateKey => "a private key",
        DerForm.EncryptedPrivateKey => "an encrypted private key",
        DerForm.PublicKey => "a public key",
        DerForm.Pkcs7 => "a PKCS#7 bundle",
        DerForm.Pkcs12 => "a PKCS#12 file",
        _ => null,
    };

    private static string? OfBase64(string text)
    {
        var characters = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (characters.Length < ShortestBase64)
        {
            return null;
        }

        var data = new byte[Base64.GetMaxDecodedFromUtf8Length(characters.Length)];
        var whole = characters.AsSpan(0, characters.Length - (characters.Length % GroupOfBase64));
        return !Convert.TryFromBase64Chars(whole, data, out var length) || length == 0 ? null
            : data.AsSpan(0, length).TrimStart("\uFEFF"u8).StartsWith("-----BEGIN "u8)
                ? "it is PEM text that was encoded once more, in base64; decode it ('base64 -d')"
            : data[0] == 0x30 ? OfDer(data.AsMemory(0, length), "in base64 without its BEGIN and END lines")
            : null;
    }

    private static string? OfDer(ReadOnlyMemory<byte> data, string form) => DerForms.Of(data) switch
    {
        DerForm.Certificate => $"it is a certificate {form}; convert it with 'openssl x509 -inform der -out "
            + $"NEW.pem -in FILE'",
        DerForm.PrivateKey => $"it is a private key {form}; convert it with 'openssl pkey -inform der -out NEW.pem "
            + $"-in FILE'",
        DerForm.EncryptedPrivateKey => $"it is an encrypted private key {form}; convert it with 'openssl pkcs8 "
            + $"-topk8 -inform der -out NEW.pem -in FILE'",
        DerForm.PublicKey => $"it is a public key {form}, which belongs nowhere here",
        DerForm.Pkcs7 => $"it is a PKCS#7 bundle {form}; convert it with 'openssl pkcs7 -inform der -print_certs "
            + $"-out NEW.pem -in FILE'",
        DerForm.Pkcs12 => $"it is a PKCS#12 file {form}: a client certificate belongs in pkcs12 (under extensions), "
            + "and CAs are taken out of it with 'openssl pkcs12 -nokeys -out NEW.pem -in FILE'",
        _ => $"it is binary data {form}, cut off or of an unknown kind",
    };
}
