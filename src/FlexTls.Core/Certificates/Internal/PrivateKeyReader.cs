using System.Formats.Asn1;
using System.Security.Cryptography;
using FlexTls.Diagnostics;

namespace FlexTls.Certificates;

/// <summary>
/// Reads one private key: PKCS#8, encrypted or not, PKCS#1 RSA or SEC1 EC. Messages name the label, never the content.
/// </summary>
internal static class PrivateKeyReader
{
    private const string Pkcs8 = "PRIVATE KEY";
    private const string EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY";
    private const string Pkcs1 = "RSA PRIVATE KEY";
    private const string Sec1 = "EC PRIVATE KEY";
    private const int LongestName = 60;

    /// <summary>
    /// The key, an <see cref="RSA"/> or an <see cref="ECDsa"/>, which the caller disposes; <see langword="null"/> when
    /// the value is unusable.
    /// </summary>
    public static AsymmetricAlgorithm? Read(string text, string? passphrase, Place place, DiagnosticList diagnostics)
    {
        var blocks = PemReader.Read(text, place, diagnostics);
        if (blocks.Any(block => block.IsPrivateKey))
        {
            // A file can hold the certificates too, and 'openssl ecparam -genkey' writes the curve before the key,
            // which names it again.
            blocks = [.. blocks.Where(block => !block.IsCertificate && !block.IsParameters)];
        }

        if (blocks.Count > 1)
        {
            diagnostics.Error(DiagnosticCodes.SeveralKeys, place.AtLine(blocks[1].Line),
                $"{place.Path} has more than one private key, or blocks that belong elsewhere; it must hold one.");
            return null;
        }

        return blocks.Count == 0 ? null : ReadOne(blocks[0], passphrase, place, diagnostics);
    }

    private static AsymmetricAlgorithm? ReadOne(PemBlock block, string? passphrase, Place place, DiagnosticList diagnostics)
    {
        var at = place.AtLine(block.Line);
        if (passphrase is not null && block.Label != EncryptedPkcs8)
        {
            diagnostics.Warning(DiagnosticCodes.PassphraseUnused, at,
                $"{place.Path} is not encrypted, so keyPassphrase (under extensions) has no effect.");
        }

        try
        {
            switch (block.Label)
            {
                case Pkcs8:
                    return OfPkcs8(block.Data, at, diagnostics);
                case Pkcs1:
                    return Import(RSA.Create(), block.Data, (key, data) => key.ImportRSAPrivateKey(data, out _));
                case Sec1:
                    return OfCurve(Import(ECDsa.Create(), block.Data, (key, data) =>
                        key.ImportECPrivateKey(data, out _)), at, diagnostics);
                case EncryptedPkcs8 when passphrase is not null:
                    return EncryptedKeyReader.Read(block.Data, passphrase, at, diagnostics);
                case EncryptedPkcs8:
                    diagnostics.Error(DiagnosticCodes.EncryptedKey, at,
                        $"{place.Path} is encrypted and there is no passphrase; set keyPassphrase (under extensions).");
                    return null;
                default:
                    diagnostics.Error(DiagnosticCodes.WrongPemLabel, at,
                        $"{place.Path} has a PEM block {block.Shown} where a private key belongs ({Pkcs8}, {Pkcs1} "
                            + $"or {Sec1}){block.Fix}.");
                    return null;
            }
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            diagnostics.Error(DiagnosticCodes.BadPrivateKey, at,
                $"{place.Path} has a block {block.Shown} that {WhyNot(block)}.");
            return null;
        }
    }

    /// <summary>
    /// A key in PKCS#8 form, which says itself of what kind it is; <see langword="null"/> after a reported fault.
    /// </summary>
    /// <exception cref="AsnContentException">The data are no PKCS#8.</exception>
    /// <exception cref="CryptographicException">The data cannot be read.</exception>
    public static AsymmetricAlgorithm? OfPkcs8(byte[] pkcs8, Place place, DiagnosticList diagnostics)
    {
        var algorithm = AlgorithmOf(pkcs8);
        switch (algorithm)
        {
            case KeyDescription.Rsa:
                return Import(RSA.Create(), pkcs8, (key, data) => key.ImportPkcs8PrivateKey(data, out _));
            case KeyDescription.Ec:
                return OfCurve(Import(ECDsa.Create(), pkcs8, (key, data) =>
                    key.ImportPkcs8PrivateKey(data, out _)), place, diagnostics);
            default:
                var code = KeyDescription.IsKnown(algorithm)
                    ? DiagnosticCodes.KeyNotOnPlatform : DiagnosticCodes.UnsupportedKey;
                diagnostics.Error(code, place,
                    $"{place.Path} is a private key of the kind "
                        + $"{Text.Cut(KeyDescription.NameOf(algorithm), LongestName)}, with which .NET does not sign here; "
                        + $"keys must be {KeyDescription.AllowedForClients}.");
                return null;
        }
    }

    public static TKey Import<TKey>(TKey key, byte[] data, Action<TKey, byte[]> import)
        where TKey : AsymmetricAlgorithm
    {
        try
        {
            import(key, data);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The key, unless it spells out its curve: the platform then finds no certificate that it belongs to.
    /// </summary>
    private static ECDsa? OfCurve(ECDsa key, Place place, DiagnosticList diagnostics)
    {
        if (key.ExportParameters(includePrivateParameters: false).Curve.IsNamed)
        {
            return key;
        }

        key.Dispose();
        diagnostics.Error(DiagnosticCodes.UnsupportedKey, place,
            $"{place.Path} is an EC key that spells out the parameters of its curve; write it with the curve's "
                + $"name: 'openssl ec -param_enc named_curve -in FILE -out NEW.pem'.");
        return null;
    }

    private static string WhyNot(PemBlock block)
    {
        var found = OtherForm.NameOf(block.Data);
        return DerForms.IsCutOff(block.Data) ? "is cut off"
            : found is null ? "is no private key; it is damaged"
            : DerForms.Of(block.Data) is DerForm.PrivateKey or DerForm.EncryptedPrivateKey
                ? "cannot be read as a private key of that label; a part of it is malformed, or it belongs under "
                    + "another label"
            : $"holds {found}";
    }

    private static string AlgorithmOf(byte[] pkcs8)
    {
        var key = new AsnReader(pkcs8, AsnEncodingRules.BER).ReadSequence();
        key.ReadIntegerBytes();
        return key.ReadSequence().ReadObjectIdentifier();
    }
}
