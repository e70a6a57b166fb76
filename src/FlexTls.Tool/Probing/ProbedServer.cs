using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>What a probe has found out.</summary>
/// <param name="Versions">The versions of the server, the highest first.</param>
/// <param name="Suites">Its suites below TLS 1.3, with the version that they were negotiated in.</param>
/// <param name="Protocols">
/// The application protocols that it chooses; <see langword="null"/>: it shows them only to a client with a
/// certificate.
/// </param>
internal sealed record ProbedServer(
    IReadOnlyList<TlsVersion> Versions, IReadOnlyList<(TlsVersion Version, CipherSuiteInfo Suite)> Suites,
    IReadOnlyList<string>? Protocols)
{
    /// <summary>The certificates that it presents; empty: it refused each client before.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; init; } = [];

    public bool AsksForCertificate { get; init; }

    public bool RequiresCertificate { get; init; }

    public int Connections { get; init; }

    /// <summary>Why nothing was found out.</summary>
    public string? Failure { get; init; }

    /// <summary>Those of its suites for the highest version that have the best advice; none for TLS 1.3.</summary>
    public IReadOnlyList<CipherSuiteInfo> BestSuites
    {
        get
        {
            var all = SuitesOf(Versions[0]).ToList();
            var best = all.Max(suite => (CipherSuiteAdvice?)suite.Advice);
            return [.. all.Where(suite => suite.Advice == best)];
        }
    }

    public IEnumerable<CipherSuiteInfo> SuitesOf(TlsVersion version) =>
        Suites.Where(one => one.Version == version).Select(one => one.Suite);

    /// <summary>What its owner should mend, in words.</summary>
    public IEnumerable<string> Weaknesses(DateTimeOffset now)
    {
        if (!Versions.Contains(TlsVersion.Tls13))
        {
            yield return "no TLS 1.3";
        }

        if (Versions.Contains(TlsVersion.Tls11))
        {
            yield return "TLS 1.1 is enabled (deprecated by RFC 8996)";
        }

        var weak = Suites.Select(one => one.Suite).Where(suite => suite.Advice == CipherSuiteAdvice.Weak).Distinct()
            .Select(suite => suite.Name).ToList();
        if (weak.Count > 0)
        {
            yield return $"weak cipher suites: {string.Join(", ", weak)}";
        }

        foreach (var certificate in Chain.Where(one => Expiry.IsSoon(one.NotBefore, one.NotAfter, now)))
        {
            yield return $"the certificate {CertificateText.Subject(certificate)} "
                + $"{(now > certificate.NotAfter ? "has expired" : "expires soon")}: "
                + CertificateText.Validity(certificate, now);
        }
    }
}
