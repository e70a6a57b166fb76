using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>Whether a path leads from the certificate to a trust anchor, as the platform sees it.</summary>
internal sealed class ChainRules(TrustAnchors? anchors)
{
    private const int MostShown = 3;

    /// <summary>What is wrong with a chain that was built under <see cref="ChainPolicies.Strict"/>.</summary>
    public IReadOnlyList<ServerCertificateFailure> Check(X509Certificate2 leaf, CertificateChain chain)
    {
        var failures = new List<ServerCertificateFailure>();
        foreach (var (certificate, findings) in chain.Elements)
        {
            failures.AddRange(findings
                .Where(finding => !IsInherited(finding.Status, certificate))
                .Select(finding => Failure(finding.Status, certificate, chain)));
        }

        if (chain.Path is [_, .., var top] && anchors?.Find(top) is { } anchor && !anchor.IsCertificateAuthority())
        {
            failures.Add(Untrusted($"'{top.Subject}' is in trustedCA, but it is no CA certificate and vouches for itself alone", leaf.Issuer));
        }

        if (!chain.IsValid && failures.Count == 0)
        {
            failures.Add(Refusal.Of(DiagnosticCodes.ChainRefused,
                $"the platform refuses the chain of '{leaf.Subject}' without saying which certificate is at fault", presented: string.Join(", ", chain.Findings)));
        }

        return [.. failures.DistinctBy(failure => (failure.Code, failure.Presented))];
    }

    /// <summary>The platform reports a wrong usage on every certificate of the chain; the one at fault is the one that says so.</summary>
    private static bool IsInherited(X509ChainStatusFlags status, X509Certificate2 certificate) =>
        status == X509ChainStatusFlags.NotValidForUsage && certificate.Allows(CertificateExtensions.ServerAuth);

    private ServerCertificateFailure Failure(X509ChainStatusFlags status, X509Certificate2 certificate, CertificateChain chain)
    {
        var (subject, now) = (certificate.Subject, chain.VerificationTime);
        var (notBefore, notAfter) = ($"{certificate.NotBefore.ToUniversalTime():u}", $"{certificate.NotAfter.ToUniversalTime():u}");
        return status switch
        {
            X509ChainStatusFlags.NotTimeValid when now < certificate.NotBefore.ToUniversalTime() => Refusal.Of(
                DiagnosticCodes.NotYetValid, $"'{subject}' is not valid before {notBefore}", "compare the clocks", $"valid at {now:u}", $"not before {notBefore}"),
            X509ChainStatusFlags.NotTimeValid => Refusal.Of(
                DiagnosticCodes.Expired, $"'{subject}' expired at {notAfter}", "renew it", $"valid at {now:u}", $"not after {notAfter}"),
            X509ChainStatusFlags.UntrustedRoot => Untrusted($"the chain ends in '{subject}', which is not among {AnchorsInWords}", subject),
            X509ChainStatusFlags.PartialChain when certificate == chain.Path[^1] => Unfinished(certificate, chain.Path),
            X509ChainStatusFlags.NotValidForUsage => Refusal.Of(
                DiagnosticCodes.NoServerAuthUsage, $"'{subject}' is not for servers: its extended key usage lacks serverAuth", "reissue it with that usage",
                "serverAuth", Usages(certificate)),
            X509ChainStatusFlags.NotSignatureValid => Refusal.Of(
                DiagnosticCodes.BadSignature, $"the signature of '{subject}' does not fit its issuer '{certificate.Issuer}'", "find out whether the CA was renewed with another key",
                presented: subject),
            X509ChainStatusFlags.InvalidBasicConstraints => Refusal.Of(
                DiagnosticCodes.BadBasicConstraints, $"'{subject}' is in the chain where a CA certificate must be, or the chain is longer than a CA allows",
                expected: "CA certificates above the server's", presented: subject),
            X509ChainStatusFlags.InvalidNameConstraints or X509ChainStatusFlags.HasNotSupportedNameConstraint
                or X509ChainStatusFlags.HasNotDefinedNameConstraint or X509ChainStatusFlags.HasNotPermittedNameConstraint
                or X509ChainStatusFlags.HasExcludedNameConstraint => Refusal.Of(
                DiagnosticCodes.NameConstraints, $"'{subject}' has a name that a CA above it must not certify ({status})", presented: subject),
            X509ChainStatusFlags.HasNotSupportedCriticalExtension => Refusal.Of(
                DiagnosticCodes.UnknownCriticalExtension, $"'{subject}' has a critical extension that is not understood", presented: subject),
            _ => Refusal.Of(DiagnosticCodes.ChainRefused, $"the platform refuses '{subject}': {status}", presented: subject),
        };
    }

    private ServerCertificateFailure Unfinished(X509Certificate2 top, IReadOnlyList<X509Certificate2> path)
    {
        if (anchors?.Certificates.Any(anchor => anchor.SubjectName.RawData.AsSpan().SequenceEqual(top.IssuerName.RawData)) == true)
        {
            return Untrusted($"a trusted CA is called '{top.Issuer}', but '{top.Subject}' was signed with another key (was the CA renewed?)", top.Issuer);
        }

        return path.Count > 1
            ? Untrusted($"the server's chain leads to '{top.Issuer}', which is not among {AnchorsInWords}", top.Issuer)
            : Refusal.Of(DiagnosticCodes.IncompleteChain, $"the issuer '{top.Issuer}' of '{top.Subject}' was not sent and is not among {AnchorsInWords}",
                "let the server send its intermediate certificates; or, if that is its right CA, add it to trustedCA (it is never downloaded)",
                $"a path to {AnchorsInWords}", $"issuer {top.Issuer}");
    }

    private ServerCertificateFailure Untrusted(string finding, string presented) => Refusal.Of(
        DiagnosticCodes.UntrustedRoot, finding, $"if this is the right server, add '{presented}' to trustedCA", AnchorsInWords, presented);

    private string AnchorsInWords => anchors is null
        ? "the CAs of the operating system"
        : $"the trusted CAs of the policy ({string.Join("; ", anchors.Certificates.Take(MostShown).Select(c => c.Subject))}"
            + $"{(anchors.Certificates.Count > MostShown ? $" and {anchors.Certificates.Count - MostShown} more" : "")})";

    private static string Usages(X509Certificate2 certificate) => string.Join(", ",
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(usage => usage.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>())
            .Select(oid => oid.FriendlyName ?? oid.Value));
}
