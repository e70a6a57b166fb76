using System.Globalization;

namespace FlexTls;

/// <summary>Certificates that expire soon, which a program reports only as the days go by.</summary>
internal static class Expiry
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static IEnumerable<TlsPolicyDiagnostic> Find(LoadedPolicies policies)
    {
        var now = policies.Clock.GetUtcNow();
        return
            from upstream in policies.Upstreams
            let policy = policies.Contexts.GetContext(upstream.Name).Policy
            where !policy.DangerousSkipValidation
            from certificate in policy.TrustedCAs.Concat(policy.ClientCertificates).Distinct()
                // What has expired is a finding of the context.
            where certificate.NotAfter > now && IsSoon(certificate.NotBefore, certificate.NotAfter, now)
            select Findings.Warning(
                Findings.ExpiresSoon, upstream,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{certificate.Subject}' expires at {certificate.NotAfter:u}; renew it."));
    }

    /// <summary>
    /// Whether a certificate has expired, or will within 30 days or the last quarter of a shorter life.
    /// </summary>
    public static bool IsSoon(DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now)
    {
        var quarter = (notAfter - notBefore) / 4;
        return notAfter - now <= (quarter < Soon ? quarter : Soon);
    }
}
