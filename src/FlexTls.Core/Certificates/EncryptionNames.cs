namespace FlexTls;

/// <summary>
/// The names of the algorithms that encrypt or protect a key but are not available in the platform, by object
/// identifier.
/// </summary>
internal static class EncryptionNames
{
    private static readonly (string Prefix, string Name)[] Known =
    [
        ("1.3.6.1.4.1.11591.4.11", "scrypt"),
        ("1.2.410.200046.1.1", "the cipher ARIA"),
        ("1.2.392.200011.61.1.1", "the cipher Camellia"),
        ("1.2.156.10197.1", "the Chinese algorithms SM3 or SM4"),
        ("2.16.840.1.101.3.4.1.44", "AES-256 in CFB mode"),
        ("2.16.840.1.101.3.4.1.46", "AES-256 in GCM mode"),
        ("1.2.840.113549.1.12.1.1", "the cipher RC4"),
        ("1.2.840.113549.1.12.1.2", "the cipher RC4"),
        ("1.2.840.113549.1.5.14", "PBMAC1"),
        ("1.2.840.113549.2.8", "HMAC with SHA-224"),
        ("1.2.840.113549.2.12", "HMAC with SHA-512/224"),
        ("1.2.840.113549.2.13", "HMAC with SHA-512/256"),
        ("2.16.840.1.101.3.4.2.4", "SHA-224"),
        ("2.16.840.1.101.3.4.2.5", "SHA-512/224"),
        ("2.16.840.1.101.3.4.2.6", "SHA-512/256"),
        ("2.16.840.1.101.3.4.2.7", "SHA3-224"),
        ("2.16.840.1.101.3.4.2.8", "SHA3-256"),
        ("2.16.840.1.101.3.4.2.9", "SHA3-384"),
        ("2.16.840.1.101.3.4.2.10", "SHA3-512"),
    ];

    /// <summary>The name; <see langword="null"/> if this list does not contain it.</summary>
    public static string? Of(string identifier)
    {
        foreach (var (prefix, name) in Known)
        {
            if (identifier == prefix || identifier.StartsWith($"{prefix}.", StringComparison.Ordinal))
            {
                return name;
            }
        }

        return null;
    }
}
