namespace FlexTls;

/// <summary>Why a renewed client certificate must not replace the one in force, and until when.</summary>
/// <param name="Problem">The reason.</param>
/// <param name="Until">
/// When to check again; <see langword="null"/>: never, the certificate is rejected for good.
/// </param>
internal sealed record Renewal(TlsPolicyDiagnostic Problem, DateTimeOffset? Until)
{
    /// <summary>Finds the problem; <see langword="null"/>: there is none.</summary>
    /// <param name="old">The policy in force.</param>
    /// <param name="next">The policy that would replace it.</param>
    /// <param name="now">The time by which certificates are judged.</param>
    public static Renewal? Find(OutboundTlsPolicy old, RegisteredPolicy next, DateTimeOffset now)
    {
        if (Presented(old) is not { } inForce || Presented(next.Policy) is not { } renewed || inForce == renewed)
        {
            return null;
        }

        // If the certificate in force has expired, one that is not valid yet is no worse: clocks differ, and the server
        // decides.
        if (now < renewed.NotBefore && inForce.NotBefore <= now && !inForce.HaveEnded(now))
        {
            var until = renewed.NotBefore <= inForce.NotAfter
                ? renewed.NotBefore : inForce.NotAfter + CertificateDates.LastSecond;
            var problem = $"is not valid before {renewed.NotBefore:u}; it is put in force then. "
                + "Compare the clocks if that is unexpected";
            return new Renewal(Error(DiagnosticCodes.RenewalNotYetValid, next, renewed, problem), until);
        }

        return renewed.HaveEnded(now) && renewed.NotAfter < inForce.NotAfter
            ? new Renewal(Expired(next, renewed), null)
            : null;
    }

    private static CertificateDates? Presented(OutboundTlsPolicy policy) =>
        policy.ClientIdentity is { } identity && !policy.DangerousSkipValidation
            ? CertificateDates.Of(identity.Leaf)
            : null;

    private static TlsPolicyDiagnostic Expired(RegisteredPolicy next, CertificateDates renewed) =>
        Error(DiagnosticCodes.RenewalExpired, next, renewed, $"expired at {renewed.NotAfter:u}; renew it again");

    private static TlsPolicyDiagnostic Error(
        string code, RegisteredPolicy next, CertificateDates renewed, string problem)
    {
        var place = next.IdentityPlace ?? next.Place;

        // The place of a value in code does not name the upstream.
        var where = place.FileName is null && !place.Path.StartsWith(next.Source, StringComparison.Ordinal)
            ? $"{next.Source}: {place.Path}" : place.Path;
        return DiagnosticList.OneError(code, place,
            $"{where}: the renewed client certificate '{renewed.Subject}' {problem}. The one in force stays.");
    }
}
