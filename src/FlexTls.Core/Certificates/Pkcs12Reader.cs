using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>Opens a PKCS#12 file (RFC 7292); if that fails, it looks for the reason in the file.</summary>
internal static class Pkcs12Reader
{
    private const int WrongPassword = unchecked((int)0x80070056);
    private const int DeepestLook = 16;
    private const string Again = "export it again, for example with 'openssl pkcs12 -export -keypbe AES-256-CBC "
        + "-certpbe AES-256-CBC -macalg sha256'";

    // Opening the file takes iterations for its MAC, its certificates and its key, each as many as a separate key may
    // have.
    private static readonly Pkcs12LoaderLimits Limits = new()
    {
        MacIterationLimit = KeyEncryption.MostOfAny,
        IndividualKdfIterationLimit = KeyEncryption.MostOfAny,
        TotalKdfIterationLimit = 2 * KeyEncryption.MostOfAny,
    };

    /// <summary>
    /// The whole content of the file, which the caller disposes; <see langword="null"/> after a reported fault.
    /// </summary>
    public static X509Certificate2Collection? Read(byte[] data, string? passphrase, Place place,
        DiagnosticList diagnostics)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12Collection(data, passphrase, X509KeyStorageFlags.DefaultKeySet,
                Limits);
        }
        catch (Pkcs12LoadLimitExceededException)
        {
            diagnostics.Error(DiagnosticCodes.BadPkcs12, place, string.Create(CultureInfo.InvariantCulture,
                $"{place.Path} is PKCS#12 that takes too much work to open: more than "
                    + $"{KeyEncryption.MostOfAny} iterations for one of its parts, or too many parts; "
                    + $"{Again} -iter 600000."));
        }
        catch (CryptographicException e)
        {
            var (code, fault) = (e.HResult == WrongPassword ? null : OfKeyKind(data, passphrase))
                ?? WhyNot(data, passphrase, e.HResult == WrongPassword);
            diagnostics.Error(code, place, $"{place.Path} {fault}.");
        }

        return null;
    }

    /// <summary>
    /// The reason, if the file has a certificate for a kind of key with which .NET cannot sign: certificates can be
    /// read without their private keys. <see langword="null"/>: the reason is another.
    /// </summary>
    private static (string Code, string Fault)? OfKeyKind(byte[] data, string? passphrase)
    {
        try
        {
            var certificates = X509CertificateLoader.LoadPkcs12Collection(
                data, passphrase, X509KeyStorageFlags.DefaultKeySet, new(Limits) { IgnorePrivateKeys = true });
            List<KeyDescription> keys = [.. certificates.Select(one => KeyDescription.Of(DecodedCertificate.Of(one)))];
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }

            var key = keys.Find(key => !key.CanSign);
            return key is null ? null
                : (key.Verdict == KeyVerdict.Unsupported
                        ? DiagnosticCodes.UnsupportedKey : DiagnosticCodes.KeyNotOnPlatform,
                    $"is PKCS#12 with a key of kind {key.Text}, with which .NET does not sign here; "
                    + $"keys must be {KeyDescription.AllowedForClients}");
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            return null;
        }
    }

    private static (string Code, string Fault) WhyNot(byte[] data, string? passphrase, bool isPassword)
    {
        if (DerForms.Of(data) != DerForm.Pkcs12)
        {
            return (DiagnosticCodes.BadPkcs12, DerForms.IsCutOff(data) ? "is cut off"
                : $"is not a PKCS#12 file; it holds {Found(data)}");
        }

        if (Unsupported(data, DeepestLook) is { } unsupported)
        {
            return (DiagnosticCodes.UnsupportedEncryption,
                $"is PKCS#12 protected with {unsupported}, which this platform does not support, whatever the "
                + $"passphrase; {Again}");
        }

        return (DiagnosticCodes.BadPkcs12, !isPassword
            ? string.Create(CultureInfo.InvariantCulture,
                $"is PKCS#12 with a part that cannot be read: a cipher that is not supported here, 3DES or RC2 with "
                + $"more than {KeyEncryption.MostOfPkcs12Schemes} iterations, a key of a kind other than "
                + $"{KeyDescription.AllowedForClients}, or damage; {Again}")
            : passphrase is null
                ? "is PKCS#12 with a passphrase, and there is none; set keyPassphrase (under extensions)"
            : $"is PKCS#12 that does not open: the passphrase is wrong{EncryptedKeyReader.Hint(passphrase)}, or "
                + $"the file is damaged");
    }

    private static string Found(byte[] data) =>
        data.AsSpan().IndexOf("-----BEGIN "u8) >= 0 ? "PEM text, which belongs in certificate.key and certificate.crt"
        : OtherForm.NameOf(data) ?? "something else";

    /// <summary>The first unsupported protection that the data name. Encrypted parts stay unseen.</summary>
    private static string? Unsupported(ReadOnlyMemory<byte> data, int depth)
    {
        try
        {
            var reader = new AsnReader(data, AsnEncodingRules.BER);
            while (depth > 0 && reader.HasData)
            {
                var tag = reader.PeekTag();
                var found = tag == Asn1Tag.ObjectIdentifier ? EncryptionNames.Of(reader.ReadObjectIdentifier())
                    : tag == Asn1Tag.PrimitiveOctetString ? Unsupported(reader.ReadOctetString(), depth - 1)
                    : tag.IsConstructed ? Unsupported(ContentOf(reader), depth - 1)
                    : Skip(reader);
                if (found is not null)
                {
                    return found;
                }
            }
        }
        catch (AsnContentException)
        {
            // Octets without structure.
        }

        return null;
    }

    private static ReadOnlyMemory<byte> ContentOf(AsnReader reader)
    {
        var encoded = reader.ReadEncodedValue();
        AsnDecoder.ReadEncodedValue(encoded.Span, AsnEncodingRules.BER, out var offset, out var length, out _);
        return encoded.Slice(offset, length);
    }

    private static string? Skip(AsnReader reader)
    {
        reader.ReadEncodedValue();
        return null;
    }
}
