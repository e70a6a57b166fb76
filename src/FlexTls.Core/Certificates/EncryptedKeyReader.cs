using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FlexTls;

/// <summary>Opens an encrypted PKCS#8 key (RFC 5958).</summary>
internal static class EncryptedKeyReader
{
    /// <summary>Names the command that encrypts the key again, for messages.</summary>
    private const string Again = "Encrypt it again, for example with 'openssl pkcs8 -topk8 -v2 aes256 -iter 600000'";

    /// <summary>The key, which the caller disposes; <see langword="null"/> after a reported fault.</summary>
    /// <exception cref="AsnContentException">The data are not an encrypted key.</exception>
    public static AsymmetricAlgorithm? Read(
        byte[] data, string passphrase, DerivedKeys derived, Place place, DiagnosticList diagnostics)
    {
        var encryption = KeyEncryption.Of(data);
        if (encryption.Unsupported is { } unsupported)
        {
            diagnostics.Error(DiagnosticCodes.UnsupportedEncryption, place,
                $"{place.Path} is encrypted with {unsupported}, which this platform does not support, whatever the "
                    + $"passphrase. {Again}.");
            return null;
        }

        if (encryption.Iterations > encryption.MostIterations)
        {
            diagnostics.Error(DiagnosticCodes.BadPrivateKey, place, string.Create(CultureInfo.InvariantCulture,
                $"{place.Path} is encrypted with {encryption.Iterations} iterations; with its cipher, at most "
                    + $"{encryption.MostIterations} are allowed. {Again}."));
            return null;
        }

        return encryption.IsAes ? Open(encryption, passphrase, derived, place, diagnostics)
            : Try(data, passphrase, place, diagnostics);
    }

    private static AsymmetricAlgorithm? Open(
        KeyEncryption encryption, string passphrase, DerivedKeys derived, Place place, DiagnosticList diagnostics)
    {
        byte[]? pkcs8 = null;
        try
        {
            pkcs8 = encryption.Decrypt(passphrase, derived);
            return PrivateKeyImport.OfPkcs8(pkcs8, place, diagnostics);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or EncoderFallbackException)
        {
            if (pkcs8 is not null && DerForms.Of(pkcs8) == DerForm.PrivateKey)
            {
                // The passphrase is correct: the caller reports the fault of the key.
                throw;
            }

            diagnostics.Error(DiagnosticCodes.WrongPassphrase, place,
                $"{place.Path} does not open: the passphrase is wrong{Hint(passphrase)}, or the key is damaged.");
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>
    /// The kind of key is known only after the platform has decrypted it, so the kinds are tried in turn.
    /// </summary>
    private static AsymmetricAlgorithm? Try(byte[] data, string passphrase, Place place, DiagnosticList diagnostics)
    {
        foreach (var decrypt in (Func<AsymmetricAlgorithm>[])[
            () => PrivateKeyImport.Import(ECDsa.Create(), data, (key, encrypted) =>
                key.ImportEncryptedPkcs8PrivateKey(passphrase, encrypted, out _)),
            () => PrivateKeyImport.Import(RSA.Create(), data, (key, encrypted) =>
                key.ImportEncryptedPkcs8PrivateKey(passphrase, encrypted, out _))])
        {
            try
            {
                return decrypt();
            }
            catch (CryptographicException)
            {
                // Try the next kind, or report below.
            }
        }

        diagnostics.Error(DiagnosticCodes.WrongPassphrase, place,
            $"{place.Path} does not open: the passphrase is wrong{Hint(passphrase)}, the key is of a kind other "
                + $"than {KeyDescription.AllowedForClients}, or its cipher (DES, 3DES or RC2) is switched off "
                + "on this machine.");
        return null;
    }

    /// <summary>A likely mistake in a wrong passphrase, without any character of it.</summary>
    public static string Hint(string passphrase) =>
        passphrase.EndsWith('\n') || passphrase.EndsWith('\r') ? " (it ends with a line break, which counts)"
        : passphrase.Length != passphrase.AsSpan().Trim().Length ? " (it begins or ends with a blank, which counts)"
        : passphrase.StartsWith("file:", StringComparison.Ordinal)
            ? " (it begins with 'file:', and no file is read for it)"
        : "";
}
