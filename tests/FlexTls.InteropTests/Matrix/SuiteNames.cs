namespace FlexTls.Interop;

/// <summary>The names that servers have for cipher suites.</summary>
internal static class SuiteNames
{
    /// <summary>Whether a server means this suite.</summary>
    public static bool Means(string said, CipherSuiteInfo suite)
    {
        var name = Plain(said);
        return name.Length > 0 && Names(suite).Any(known => name == known || "TLS" + name == known);
    }

    /// <summary>Whether this is the cipher of the suite, such as AES-128-GCM.</summary>
    public static bool IsCipherOf(string said, CipherSuiteInfo suite) =>
        said.Length > 0 && Plain(suite.Name).Contains(Plain(said), StringComparison.Ordinal);

    private static IEnumerable<string> Names(CipherSuiteInfo suite)
    {
        var name = Plain(suite.Name);
        yield return name;
        yield return Plain(suite.OpenSslName);

        // GnuTLS leaves out WITH, calls SHA by its full name, and the hash of ChaCha20 not at all.
        var gnuTls = name.Replace("WITH", "", StringComparison.Ordinal);
        gnuTls = gnuTls.EndsWith("CBCSHA", StringComparison.Ordinal) ? gnuTls + "1" : gnuTls.Replace("POLY1305SHA256", "POLY1305", StringComparison.Ordinal);
        yield return gnuTls;

        if (suite.IsTls13)
        {
            // lighttpd's mod_gnutls puts a key exchange before the names of TLS 1.3, wolfSSL the version.
            yield return gnuTls.Replace("TLS", "TLSECDHERSA", StringComparison.Ordinal);
            yield return name.Replace("TLS", "TLS13", StringComparison.Ordinal);
        }
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
