using System.Formats.Asn1;
using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>
/// What RFC 5280 asks of the form of a certificate and an attacker would gain by. docs/validation.md says what he would
/// gain, and what is not asked because he would gain nothing.
/// </summary>
internal static class FormRules
{
    /// <summary>
    /// The critical extensions that are understood: applied by these rules or the platform, or about what a client of
    /// TLS has no use for (policies, of which it accepts all; where revocation lists are; other names of the issuer).
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
    /// <param name="isAnchored">Whether the last one is trusted by itself.</param>
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
                    DiagnosticCodes.WrongForm, "a certificate has not the form that it must have",
                    $"{certificate.Shown} {problem}", "reissue it", presented: certificate.Shown);
            }
        }
    }

    /// <summary>What cannot be decoded, of the parts that no other rule decodes whenever they are there.</summary>
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
    /// The platform checks a signature by the algorithm beside it, and the one in the signed part is judged. A CA of
    /// version 1 has no extensions: anything that the anchor once issued to its own name would be one.
    /// </summary>
    private static string? Problem(DecodedCertificate certificate, bool isServer, bool isAnchor) => certificate switch
    {
        { Version: < 3 } when !isServer && !isAnchor => "is a CA certificate of a version before 3",
        _ when !certificate.SignatureAlgorithm.Span.SequenceEqual(certificate.OuterSignatureAlgorithm.Span) =>
            "names two signature algorithms",
        _ => null,
    };
}
