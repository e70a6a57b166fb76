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

        if (!chain.IsValid && failures.Count == 0)
        {
            failures.Add(new ServerCertificateFailure(DiagnosticCodes.ChainRefused,
                $"the platform refuses the chain of '{leaf.Subject}' without saying which certificate is at fault.", null,
                string.Join(", ", chain.Findings)));
        }

        return [.. failures.DistinctBy(failure => (failure.Code, failure.Presented))];
    }

    /// <summary>The platform reports a wrong usage on every certificate of the chain; the one at fault is the one that says so.</summary>
    private static bool IsInherited(X509ChainStatusFlags status, X509Certificate2 certificate) =>
        status == X509ChainStatusFlags.NotValidForUsage && certificate.Allows(CertificateExtensions.ServerAuth);

    private ServerCertificateFailure Failure(X509ChainStatusFlags status, X509Certificate2 certificate, CertificateChain chain)
    {
        var (subject, now) = (certificate.Subject, chain.VerificationTime);
        return status switch
        {
            X509ChainStatusFlags.NotTimeValid when now < certificate.NotBefore.ToUniversalTime() => new(
                DiagnosticCodes.NotYetValid, $"'{subject}' is not valid before {certificate.NotBefore.ToUniversalTime():u}; is the clock right?",
                $"valid at {now:u}", $"not before {certificate.NotBefore.ToUniversalTime():u}"),
            X509ChainStatusFlags.NotTimeValid => new(
                DiagnosticCodes.Expired, $"'{subject}' expired at {certificate.NotAfter.ToUniversalTime():u}; renew it.",
                $"valid at {now:u}", $"not after {certificate.NotAfter.ToUniversalTime():u}"),
            X509ChainStatusFlags.UntrustedRoot => Untrusted($"the chain ends in '{subject}', which is not among {AnchorsInWords}", subject),
            X509ChainStatusFlags.PartialChain when certificate == chain.Path[^1] => Unfinished(certificate, chain.Path),
            X509ChainStatusFlags.NotValidForUsage => new(
                DiagnosticCodes.NoServerAuthUsage, $"'{subject}' is not for servers: its extended key usage lacks serverAuth; reissue it with it.",
                "serverAuth", Usages(certificate)),
            X509ChainStatusFlags.NotSignatureValid => new(
                DiagnosticCodes.BadSignature, $"the signature of '{subject}' does not fit its issuer '{certificate.Issuer}'; was the CA renewed with another key?",
                null, subject),
            X509ChainStatusFlags.InvalidBasicConstraints => new(
                DiagnosticCodes.BadBasicConstraints, $"'{subject}' is in the chain where a CA certificate must be, or the chain is longer than a CA allows.",
                "CA certificates above the server's", subject),
            X509ChainStatusFlags.InvalidNameConstraints or X509ChainStatusFlags.HasNotSupportedNameConstraint
                or X509ChainStatusFlags.HasNotDefinedNameConstraint or X509ChainStatusFlags.HasNotPermittedNameConstraint
                or X509ChainStatusFlags.HasExcludedNameConstraint => new(
                DiagnosticCodes.NameConstraints, $"'{subject}' has a name that a CA above it must not certify ({status}).", null, subject),
            X509ChainStatusFlags.HasNotSupportedCriticalExtension => new(
                DiagnosticCodes.UnknownCriticalExtension, $"'{subject}' has a critical extension that is not understood.", null, subject),
            _ => new(DiagnosticCodes.ChainRefused, $"the platform refuses '{subject}': {status}.", null, subject),
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
            : new ServerCertificateFailure(DiagnosticCodes.IncompleteChain,
                $"the issuer '{top.Issuer}' of '{top.Subject}' was not sent and is not among {AnchorsInWords}; "
                + "the server must send its intermediate certificates, or the issuer must be added to trustedCA (it is never downloaded).",
                $"a path to {AnchorsInWords}", $"issuer {top.Issuer}");
    }

    private ServerCertificateFailure Untrusted(string finding, string presented) => new(
        DiagnosticCodes.UntrustedRoot, $"{finding}; add the CA that issued the server's certificate to trustedCA.", AnchorsInWords, presented);

    private string AnchorsInWords => anchors is null
        ? "the CAs of the operating system"
        : $"the trusted CAs of the policy ({string.Join("; ", anchors.Certificates.Take(MostShown).Select(c => c.Subject))}"
            + $"{(anchors.Certificates.Count > MostShown ? $" and {anchors.Certificates.Count - MostShown} more" : "")})";

    private static string Usages(X509Certificate2 certificate) => string.Join(", ",
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(usage => usage.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>())
            .Select(oid => oid.FriendlyName ?? oid.Value));
}
