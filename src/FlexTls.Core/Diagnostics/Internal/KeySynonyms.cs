namespace FlexTls.Diagnostics;

/// <summary>Names that other programs have for the keys of a policy, which no counting of letters leads to.</summary>
internal static class KeySynonyms
{
    private const string Certificate = "certificate";
    private const string Extensions = "extensions";

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
        ["certFile"] = "crt",
        ["chain"] = "crt",
        ["passphrase"] = "keyPassphrase",
        ["password"] = "keyPassphrase",
        ["keyPassword"] = "keyPassphrase",
        ["keyPassphrase"] = "keyPassphrase",
    };

    /// <summary>The key that is meant, and that as the end of a message; <see langword="null"/>: not known.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="known">The keys that are known at its place.</param>
    /// <param name="path">The path of its mapping.</param>
    /// <param name="separator">What stands between the names of a path.</param>
    public static (string Meant, string Hint)? Of(
        string written, IReadOnlyCollection<string> known, string path, char separator)
    {
        var name = written.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        if (!Meanings.TryGetValue(name, out var meant))
        {
            return null;
        }

        if (known.Contains(meant))
        {
            return (meant, $"did you mean {meant}?");
        }

        var isOfCertificate = known.Contains("crt");
        if (meant == "keyPassphrase" && (isOfCertificate || known.Contains(Extensions)))
        {
            var config = isOfCertificate ? path[..Math.Max(path.LastIndexOf(separator), 0)] : path;
            return (meant, $"it belongs in {config}{separator}{Extensions}{separator}{meant}.");
        }

        return null;
    }
}
