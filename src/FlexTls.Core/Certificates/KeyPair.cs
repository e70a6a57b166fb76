using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>Certificates and the private keys that belong to them.</summary>
internal static class KeyPair
{
    /// <summary>Whether a certificate's private key belongs to it.</summary>
    public static bool Matches(X509Certificate2 leaf)
    {
        try
        {
            using var alone = X509CertificateLoader.LoadCertificate(leaf.RawDataMemory.Span);
            using var key = leaf.GetRSAPrivateKey() ?? (AsymmetricAlgorithm?)leaf.GetECDsaPrivateKey();
            if (key is null)
            {
                return true;
            }

            using var joined = Join(alone, key);
            return joined is not null;
        }
        catch (CryptographicException)
        {
            // The same result as for a key of another kind.
            return false;
        }
    }

    /// <summary>The certificate with its key; <see langword="null"/>: the key belongs to another.</summary>
    public static X509Certificate2? Join(X509Certificate2 certificate, AsymmetricAlgorithm privateKey)
    {
        try
        {
            return privateKey switch
            {
                RSA rsa => certificate.CopyWithPrivateKey(rsa),
                ECDsa ec => certificate.CopyWithPrivateKey(ec),
                _ => null,
            };
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // The platform compares the public halves and throws if they differ.
            return null;
        }
    }
}
