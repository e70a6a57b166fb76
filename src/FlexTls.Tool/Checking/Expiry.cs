using System.Globalization;

namespace FlexTls;

/// <summary>Certificates that expire soon, which a program reports only as the days go by.</summary>
internal static class Expiry
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    // Of certificates that live for a few weeks only, renewal is overdue when less than this part is left.
    private const int PartOfLifetime = 4;

    public static IEnumerable<TlsPolicyDiagnostic> Find(LoadedPolicies policies)
    {
        var now = policies.Clock.GetUtcNow();
        return
            from upstream in policies.Upstreams
            let policy = policies.Contexts.GetContext(upstream.Name).Policy
            where !policy.DangerousSkipValidation
            from certificate in policy.TrustedCAs.Concat(policy.ClientCertificates).Distinct()
            where IsSoon(certificate, now)
            select Findings.Warning(
                Findings.ExpiresSoon, upstream,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{certificate.Subject}' expires at {certificate.NotAfter:u}; renew it."));
    }

    private static bool IsSoon(CertificateSummary certificate, DateTimeOffset now)
    {
        var (left, lifetime) = (certificate.NotAfter - now, certificate.NotAfter - certificate.NotBefore);

        // What has expired is a finding of the context.
        return left > TimeSpan.Zero && left <= (lifetime / 2 < Soon ? lifetime / PartOfLifetime : Soon);
    }
}
