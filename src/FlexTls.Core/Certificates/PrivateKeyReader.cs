using System.Formats.Asn1;
using System.Security.Cryptography;

namespace FlexTls;

/// <summary>
/// Reads one private key: PKCS#8, encrypted or not, PKCS#1 RSA or SEC1 EC. Messages name the label, never the content.
/// </summary>
internal static class PrivateKeyReader
{
    private const string Pkcs8 = "PRIVATE KEY";
    private const string EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY";
    private const string Pkcs1 = "RSA PRIVATE KEY";
    private const string Sec1 = "EC PRIVATE KEY";

    /// <summary>
    /// The key, an <see cref="RSA"/> or an <see cref="ECDsa"/>, which the caller disposes; <see langword="null"/> if
    /// the value is unusable.
    /// </summary>
    public static AsymmetricAlgorithm? Read(
        string text, string? passphrase, DerivedKeys derived, Place place, DiagnosticList diagnostics)
    {
        var blocks = PemReader.Read(text, place, diagnostics);
        if (blocks.Any(block => block.IsPrivateKey))
        {
            // A file may also contain the certificates, and 'openssl ecparam -genkey' writes the curve before the key,
            // which names it again.
            blocks = [.. blocks.Where(block => !block.IsCertificate && !block.IsParameters)];
        }

        if (blocks.Count > 1)
        {
            diagnostics.Error(DiagnosticCodes.SeveralKeys, place.AtLine(blocks[1].Line),
                $"{place.Path} has more than one private key, or blocks that belong elsewhere; it must hold one.");
            return null;
        }

        return blocks.Count == 0 ? null : ReadOne(blocks[0], passphrase, derived, place, diagnostics);
    }

    private static AsymmetricAlgorithm? ReadOne(
        PemBlock block, string? passphrase, DerivedKeys derived, Place place, DiagnosticList diagnostics)
    {
        var at = place.AtLine(block.Line);
        if (passphrase is not null && block.Label != EncryptedPkcs8)
        {
            diagnostics.Warning(DiagnosticCodes.PassphraseUnused, at,
                $"{place.Path} is not encrypted, so keyPassphrase (under extensions) has no effect.");
        }

        if (DerForms.HasMore(block.Data))
        {
            diagnostics.Error(DiagnosticCodes.BadPrivateKey, at,
                $"{place.Path} has a block {block.Shown} with more after its key, which would be ignored; remove it.");
            return null;
        }

        try
        {
            switch (block.Label)
            {
                case Pkcs8:
                    return PrivateKeyImport.OfPkcs8(block.Data, at, diagnostics);
                case Pkcs1:
                    return PrivateKeyImport.Import(RSA.Create(), block.Data, (key, data) =>
                        key.ImportRSAPrivateKey(data, out _));
                case Sec1:
                    return PrivateKeyImport.OfCurve(PrivateKeyImport.Import(ECDsa.Create(), block.Data, (key, data) =>
                        key.ImportECPrivateKey(data, out _)), at, diagnostics);
                case EncryptedPkcs8 when passphrase is not null:
                    return EncryptedKeyReader.Read(block.Data, passphrase, derived, at, diagnostics);
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

    private static string WhyNot(PemBlock block)
    {
        var found = OtherForm.NameOf(block.Data);
        return DerForms.IsCutOff(block.Data) ? "is cut off"
            : found is null ? "is not a private key; it is damaged"
            : DerForms.Of(block.Data) is DerForm.PrivateKey or DerForm.EncryptedPrivateKey
                ? "cannot be read as a private key of that label; a part of it is malformed, or it belongs under "
                    + "another label"
            : $"holds {found}";
    }
}
