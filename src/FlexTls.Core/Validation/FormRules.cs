using System.Formats.Asn1;

namespace FlexTls;

/// <summary>
/// The requirements of RFC 5280 for the form of a certificate, as far as violating them would help an attacker.
/// docs/validation.md describes how, and lists the requirements that are not checked because there is nothing to gain.
/// </summary>
internal static class FormRules
{
    /// <summary>
    /// The critical extensions that are understood: applied by these rules or the platform, or irrelevant to a TLS
    /// client (policies, of which it accepts all; the locations of revocation lists; other names of the issuer).
    /// </summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        CertificateExtension.SubjectKeyIdentifier, CertificateExtension.AuthorityKeyIdentifier,
        CertificateExtension.KeyUsage, CertificateExtension.ExtendedKeyUsage,
        CertificateExtension.SubjectAltName, CertificateExtension.IssuerAltName, CertificateExtension.BasicConstraints,
        CertificateExtension.NameConstraints,
        CertificateExtension.CertificatePolicies, CertificateExtension.PolicyMappings,
        CertificateExtension.PolicyConstraints, CertificateExtension.InhibitAnyPolicy,
        CertificateExtension.CrlDistributionPoints,
    };

    /// <param name="path">The path, the server's certificate first.</param>
    /// <param name="isAnchored">Whether the last certificate is itself trusted.</param>
    public static IEnumerable<ServerCertificateFailure> Check(IReadOnlyList<DecodedCertificate> path, bool isAnchored)
    {
        for (var i = 0; i < path.Count; i++)
        {
            var certificate = path[i];
            var unknown = certificate.Extensions.Where(
                extension => extension.IsCritical && !Known.Contains(extension.Oid))
                .Select(extension => extension.Oid)
                .ToList();
            if (unknown.Count > 0)
            {
                yield return Refusal.Of(
                    DiagnosticCodes.UnknownCriticalExtension,
                    "a certificate has a critical extension that is not understood",
                    $"{certificate.Shown} has critical extensions that are not understood: "
                    + string.Join(", ", unknown),
                    "reissue it without", presented: string.Join(", ", unknown));
            }

            if (Unreadable(certificate) is { } part)
            {
                yield return Refusal.Of(
                    DiagnosticCodes.UnreadableCertificate, "a certificate is malformed",
                    $"{certificate.Shown} is malformed: {part}", "reissue it", presented: certificate.Shown);
            }
            else if (Problem(certificate, isServer: i == 0, isAnchor: isAnchored && i == path.Count - 1) is { } problem)
            {
                yield return Refusal.Of(
                    DiagnosticCodes.WrongForm, "a certificate does not have the required form",
                    $"{certificate.Shown} {problem}", "reissue it", presented: certificate.Shown);
            }
        }
    }

    /// <summary>The first part that cannot be decoded, among those that no other rule always decodes.</summary>
    private static string? Unreadable(DecodedCertificate certificate)
    {
        try
        {
            _ = (certificate.AlternativeNames, certificate.SubjectName, certificate.IssuerName);
            KeyIdentifiers.Check(certificate);
            PolicyExtensions.Check(certificate);
            return null;
        }
        catch (AsnContentException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    /// <summary>
    /// The platform checks a signature by the algorithm beside it, while our rules judge the one in the signed part;
    /// nobody checks the signature of an anchor. A
    /// version 1 CA has no extensions: any certificate that the anchor ever issued to its own name would be a CA.
    /// </summary>
    private static string? Problem(DecodedCertificate certificate, bool isServer, bool isAnchor) => certificate switch
    {
        { Version: < 3 } when !isServer && !isAnchor => "is a CA certificate of a version before 3",
        _ when !isAnchor
            && !certificate.SignatureAlgorithm.Span.SequenceEqual(certificate.OuterSignatureAlgorithm.Span) =>
            "names two signature algorithms",
        _ => null,
    };
}
