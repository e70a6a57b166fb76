namespace FlexTls;

/// <summary>The names in other programs for the keys of a policy; too different to be found as misspellings.</summary>
internal static class KeySynonyms
{
    private const string Certificate = "certificate";
    private const string Ciphers = "ciphers";
    private const string ServerName = "serverName";
    private const string SkipValidation = "skipValidation";
    private const string SubjectAltNames = "subjectAltNames";
    private const string Pkcs12 = "pkcs12";

    private static readonly Dictionary<string, string> Meanings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ca"] = "trustedCA",
        ["cas"] = "trustedCA",
        ["caBundle"] = "trustedCA",
        ["caCert"] = "trustedCA",
        ["caCerts"] = "trustedCA",
        ["caCertificate"] = "trustedCA",
        ["caCertificates"] = "trustedCA",
        ["caFile"] = "trustedCA",
        ["rootCA"] = "trustedCA",
        ["rootCert"] = "trustedCA",
        ["rootCertificate"] = "trustedCA",
        ["trustStore"] = "trustedCA",
        ["trustedCertificate"] = "trustedCA",
        ["trustedCertificates"] = "trustedCA",
        ["clientCert"] = Certificate,
        ["clientCertificate"] = Certificate,
        ["identity"] = Certificate,
        ["privateKey"] = "key",
        ["keyFile"] = "key",
        ["cert"] = "crt",
        ["certFile"] = "crt",
        ["chain"] = "crt",
        ["passphrase"] = "keyPassphrase",
        ["password"] = "keyPassphrase",
        ["keyPassword"] = "keyPassphrase",
        ["pfx"] = Pkcs12,
        ["p12"] = Pkcs12,
        ["keyStore"] = Pkcs12,
        ["cipherSuites"] = Ciphers,
        ["sslCiphers"] = Ciphers,
        ["cipherList"] = Ciphers,
        ["insecure"] = SkipValidation,
        ["insecureSkipVerify"] = SkipValidation,
        ["skipVerify"] = SkipValidation,
        ["skipVerification"] = SkipValidation,
        ["sni"] = ServerName,
        ["hostName"] = ServerName,
        ["serverHostname"] = ServerName,
        ["san"] = SubjectAltNames,
        ["sans"] = SubjectAltNames,
    };

    // With the same value, such a key would mean the opposite.
    private static readonly string[] OppositesOfSkipValidation =
        ["verify", "verifyPeer", "sslVerify", "validate", "validation", "rejectUnauthorized"];

    private static readonly string[] Protocols = ["protocols", "sslProtocols", "tlsProtocols"];

    /// <summary>
    /// The intended key, and the suggestion as the end of a message; <see langword="null"/>: unknown.
    /// </summary>
    /// <param name="written">The key as written.</param>
    /// <param name="known">The keys that are known at its place.</param>
    /// <param name="path">The path of its mapping.</param>
    /// <param name="separator">The separator between the names of a path.</param>
    public static (string Meant, string Hint)? Of(
        string written, IReadOnlyCollection<string> known, string path, char separator)
    {
        var name = written.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        if (known.Contains(SkipValidation) && Holds(OppositesOfSkipValidation, name))
        {
            return (SkipValidation, $"did you mean {SkipValidation}, which says the opposite?");
        }

        if (known.Contains(Ciphers) && Holds(Protocols, name))
        {
            return ("alpn", "versions are minversion and maxversion, application protocols are alpn.");
        }

        var meant = Meanings.GetValueOrDefault(name, name);
        return known.Contains(meant) ? (meant, $"did you mean {meant}?")
            : KeyPlaces.Of(meant, known, path, separator) is { } hint ? (meant, hint)
            : null;
    }

    private static bool Holds(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
