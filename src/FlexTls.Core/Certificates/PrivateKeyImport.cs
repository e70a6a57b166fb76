using System.Formats.Asn1;
using System.Security.Cryptography;

namespace FlexTls;

/// <summary>Imports private keys after they have been read, and decrypted if necessary.</summary>
internal static class PrivateKeyImport
{
    private const int LongestName = 60;

    /// <summary>
    /// A key in PKCS#8 form, which names its own algorithm; <see langword="null"/> after a reported fault.
    /// </summary>
    /// <exception cref="AsnContentException">The data are not PKCS#8.</exception>
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
                        + $"{Text.Cut(KeyDescription.NameOf(algorithm), LongestName)}, "
                        + "with which .NET does not sign here; "
                        + $"keys must be {KeyDescription.AllowedForClients}.");
                return null;
        }
    }

    /// <summary>Imports data into a key, which is disposed if that fails.</summary>
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
    /// The key, unless it has explicit curve parameters: then the platform would match it to no certificate.
    /// </summary>
    public static ECDsa? OfCurve(ECDsa key, Place place, DiagnosticList diagnostics)
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

    private static string AlgorithmOf(byte[] pkcs8)
    {
        var key = new AsnReader(pkcs8, AsnEncodingRules.BER).ReadSequence();
        key.ReadIntegerBytes();
        return key.ReadSequence().ReadObjectIdentifier();
    }
}
