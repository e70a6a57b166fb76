namespace FlexTls;

/// <summary>
/// Every certificate of the path must be in date, including the anchor: the platform ignores the dates of an anchor
/// that is not a root.
/// </summary>
internal static class DateRules
{
    public static IEnumerable<ServerCertificateFailure> Check(IEnumerable<DecodedCertificate> path, DateTimeOffset now)
    {
        foreach (var certificate in path.Where(certificate => !certificate.IsInDate(now)))
        {
            var (subject, notBefore, notAfter) =
                (certificate.Shown, $"{certificate.NotBefore:u}", $"{certificate.NotAfter:u}");
            yield return now < certificate.NotBefore
                ? Refusal.Of(
                    DiagnosticCodes.NotYetValid, "a certificate is not valid yet",
                    $"{subject} is not valid before {notBefore}", "compare the clocks", $"valid at {now:u}",
                    $"not before {notBefore}")
                : Refusal.Of(
                    DiagnosticCodes.Expired, "a certificate has expired", $"{subject} expired at {notAfter}",
                    "renew it", $"valid at {now:u}", $"not after {notAfter}");
        }
    }
}
