using System.Formats.Asn1;
using System.Security.Cryptography;
using FlexTls.Diagnostics;

namespace FlexTls.Certificates;

/// <summary>Reads one private key: PKCS#8, encrypted or not, PKCS#1 RSA or SEC1 EC. Messages name the label, never the content.</summary>
internal static class PrivateKeyReader
{
    private const string Pkcs8 = "PRIVATE KEY";
    private const string EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY";
    private const string Pkcs1 = "RSA PRIVATE KEY";
    private const string Sec1 = "EC PRIVATE KEY";
    private const string EcParameters = "EC PARAMETERS";
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ec = "1.2.840.10045.2.1";
    private const string Pbes2 = "1.2.840.113549.1.5.13";

    // Two to three seconds on one core; what tools write by themselves is far less.
    private const int MostIterations = 2_000_000;

    /// <summary>The key, an <see cref="RSA"/> or an <see cref="ECDsa"/>, which the caller disposes; <see langword="null"/> when the value is unusable.</summary>
    public static AsymmetricAlgorithm? Read(string text, string? passphrase, Place place, DiagnosticList diagnostics)
    {
        // 'openssl ecparam -genkey' writes the curve in a block of its own before the key, which names it again.
        var blocks = PemReader.Read(text, place, diagnostics).Where(b => b.Label != EcParameters).ToList();
        if (blocks.Count > 1)
        {
            diagnostics.Error(DiagnosticCodes.SeveralKeys, place.AtLine(blocks[1].Line), $"{place.Path} has more than one PEM block; it must hold one private key.");
            return null;
        }

        return blocks.Count == 0 ? null : ReadOne(blocks[0], passphrase, place, diagnostics);
    }

    private static AsymmetricAlgorithm? ReadOne(PemBlock block, string? passphrase, Place place, DiagnosticList diagnostics)
    {
        var at = place.AtLine(block.Line);
        if (passphrase is not null && block.Label != EncryptedPkcs8)
        {
            diagnostics.Warning(DiagnosticCodes.PassphraseUnused, at, $"{place.Path} is not encrypted, so extensions.keyPassphrase has no effect.");
        }

        try
        {
            switch (block.Label)
            {
                case Pkcs8 when AlgorithmOf(block.Data) is var algorithm:
                    if (algorithm is not (Rsa or Ec))
                    {
                        var code = KeyDescription.IsKnown(algorithm)
                            ? DiagnosticCodes.KeyNotOnPlatform : DiagnosticCodes.UnsupportedKey;
                        diagnostics.Error(code, at,
                            $"{place.Path} is a private key of the kind {KeyDescription.NameOf(algorithm)}, with which .NET "
                            + $"does not sign here; keys must be {KeyDescription.AllowedForClients}.");
                        return null;
                    }

                    return algorithm == Rsa
                        ? Import(RSA.Create(), block.Data, (key, data) => key.ImportPkcs8PrivateKey(data, out _))
                        : Import(ECDsa.Create(), block.Data, (key, data) => key.ImportPkcs8PrivateKey(data, out _));
                case Pkcs1:
                    return Import(RSA.Create(), block.Data, (key, data) => key.ImportRSAPrivateKey(data, out _));
                case Sec1:
                    return Import(ECDsa.Create(), block.Data, (key, data) => key.ImportECPrivateKey(data, out _));
                case EncryptedPkcs8 when passphrase is not null && IterationsOf(block.Data) is > MostIterations and var iterations:
                    diagnostics.Error(DiagnosticCodes.BadPrivateKey, at,
                        $"{place.Path} is encrypted with {iterations} iterations, which would hold up the start; at most {MostIterations} are "
                        + "computed. Encrypt it again, for example with openssl pkcs8 -topk8 -v2 aes256 -iter 600000.");
                    return null;
                case EncryptedPkcs8 when passphrase is not null:
                    return Decrypt(block.Data, passphrase, at, diagnostics);
                case EncryptedPkcs8:
                    diagnostics.Error(DiagnosticCodes.EncryptedKey, at, $"{place.Path} is encrypted and there is no passphrase; set extensions.keyPassphrase.");
                    return null;
                default:
                    diagnostics.Error(DiagnosticCodes.WrongPemLabel, at, $"{place.Path} has a PEM block {block.Shown} where a private key belongs ({Pkcs8}, {Pkcs1} or {Sec1}).");
                    return null;
            }
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            diagnostics.Error(DiagnosticCodes.BadPrivateKey, at, $"{place.Path} has a block {block.Shown} that cannot be read as a private key; it is damaged, cut off or has a key of another kind.");
            return null;
        }
    }

    /// <summary>What kind of key it is shows only once it is decrypted, so the kinds are tried in turn.</summary>
    private static AsymmetricAlgorithm? Decrypt(byte[] data, string passphrase, Place place, DiagnosticList diagnostics)
    {
        foreach (var decrypt in (Func<AsymmetricAlgorithm>[])[
            () => Import(ECDsa.Create(), data, (key, encrypted) => key.ImportEncryptedPkcs8PrivateKey(passphrase, encrypted, out _)),
            () => Import(RSA.Create(), data, (key, encrypted) => key.ImportEncryptedPkcs8PrivateKey(passphrase, encrypted, out _))])
        {
            try
            {
                return decrypt();
            }
            catch (CryptographicException)
            {
                // The next kind, or the report below.
            }
        }

        diagnostics.Error(DiagnosticCodes.WrongPassphrase, place, $"{place.Path} cannot be decrypted; the passphrase is wrong, or the key is of a kind other than {KeyDescription.AllowedForClients}.");
        return null;
    }

    private static TKey Import<TKey>(TKey key, byte[] data, Action<TKey, byte[]> import)
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

    /// <summary>How often the passphrase is hashed (RFC 8018, appendix A): the key's maker chooses, and we compute.</summary>
    private static int IterationsOf(byte[] encryptedPkcs8)
    {
        var algorithm = new AsnReader(encryptedPkcs8, AsnEncodingRules.BER).ReadSequence().ReadSequence();
        var scheme = algorithm.ReadObjectIdentifier();
        var parameters = algorithm.ReadSequence();
        if (scheme == Pbes2)
        {
            var derivation = parameters.ReadSequence();
            derivation.ReadObjectIdentifier();
            parameters = derivation.ReadSequence();
        }

        // The salt comes first, in any form.
        parameters.ReadEncodedValue();
        return parameters.TryReadInt32(out var iterations) ? iterations : int.MaxValue;
    }

    private static string AlgorithmOf(byte[] pkcs8)
    {
        var key = new AsnReader(pkcs8, AsnEncodingRules.BER).ReadSequence();
        key.ReadIntegerBytes();
        return key.ReadSequence().ReadObjectIdentifier();
    }
}
