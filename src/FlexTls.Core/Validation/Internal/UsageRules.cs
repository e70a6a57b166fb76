using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>
/// Every certificate of the path is used for what it is for (RFC 5280, sections 4.2.1.3, 4.2.1.9, 4.2.1.12): the first one
/// as a server, the others as CAs of servers.
/// </summary>
internal static class UsageRules
{
    private const int MostShown = 10;
    private const string WrongUse = "a key is used for what it is not for";
    private const X509KeyUsageFlags ServerUsages = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement;

    /// <param name="path">The path, the server's certificate first.</param>
    /// <param name="isAnchored">Whether the last one is trusted by itself. The server's own may be that one: then it need not be a server's only.</param>
    public static IEnumerable<ServerCertificateFailure> Check(IReadOnlyList<DecodedCertificate> path, bool isAnchored)
    {
        foreach (var certificate in path.Where((certificate, i) => i == 0 ? !certificate.IsForServers : !certificate.Allows(DecodedCertificate.ServerAuth)))
        {
            yield return Refusal.Of(
                DiagnosticCodes.NoServerAuthUsage, "a certificate is not for servers", $"{certificate.Shown} is not for servers: its extended key usage lacks serverAuth, or says any usage",
                "reissue it with that usage", "serverAuth", Shown(certificate.ExtendedKeyUsages!));
        }

        var isItselfTrusted = isAnchored && path.Count == 1;
        if (path[0].IsAuthority && !isItselfTrusted)
        {
            yield return Refusal.Of(
                DiagnosticCodes.AuthorityAsServer, "a CA certificate is used as a server's", $"{path[0].Shown} is a CA certificate and is used as a server's",
                "give the server a certificate of its own, or add this very certificate to trustedCA", "a certificate of a server", path[0].Shown);
        }

        if (KeyUsageOf(path[0]) is { } usages && (usages & ServerUsages) == 0)
        {
            yield return WrongKeyUsage(path[0], "may not be used for TLS", "digitalSignature", usages);
        }

        if (!path[0].IsAuthority && !isItselfTrusted && KeyUsageOf(path[0]) is { } signing && (signing & X509KeyUsageFlags.KeyCertSign) != 0)
        {
            yield return Refusal.Of(DiagnosticCodes.WrongKeyUsage, WrongUse,
                $"the key of {path[0].Shown} may certify others, and it is not a CA certificate",
                "reissue it without keyCertSign", "no keyCertSign", signing.ToString());
        }

        foreach (var authority in path.Skip(1))
        {
            if (!authority.IsAuthority && isAnchored && authority == path[^1])
            {
                yield return Refusal.Of(
                    DiagnosticCodes.UntrustedRoot, "the CA is not trusted",
                    $"{authority.Shown} is in trustedCA, but it is not a CA certificate and vouches for itself alone",
                    "add the CA of the server's certificate to trustedCA", presented: authority.Shown);
            }
            else if (!authority.IsAuthority)
            {
                yield return Refusal.Of(
                    DiagnosticCodes.BadBasicConstraints, "a certificate is used as a CA's and is not one",
                    $"{authority.Shown} signs others and is not a CA certificate",
                    "reissue the chain", "CA certificates above the server's", authority.Shown);
            }
            else if (KeyUsageOf(authority) is { } allowed && (allowed & X509KeyUsageFlags.KeyCertSign) == 0)
            {
                yield return WrongKeyUsage(authority, "may not sign certificates", "keyCertSign", allowed);
            }
        }
    }

    private static ServerCertificateFailure WrongKeyUsage(DecodedCertificate certificate, string problem, string wanted, X509KeyUsageFlags usages) => Refusal.Of(
        DiagnosticCodes.WrongKeyUsage, WrongUse, $"the key of {certificate.Shown} {problem}: its key usage lacks {wanted}",
        "reissue it with that usage", wanted, usages.ToString());

    /// <summary><see langword="null"/>: the certificate does not say, and so allows everything.</summary>
    private static X509KeyUsageFlags? KeyUsageOf(DecodedCertificate certificate)
    {
        if (certificate.Value(CertificateExtension.KeyUsage) is not { } value)
        {
            return null;
        }

        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var bits = reader.ReadBitString(out _);
        reader.ThrowIfNotEmpty();

        // The platform's flags have the bits in the order of the encoding's bytes.
        return bits.Length > 0 ? (X509KeyUsageFlags)(bits[0] | (bits.Length > 1 ? bits[1] << 8 : 0)) : X509KeyUsageFlags.None;
    }

    private static string Shown(IReadOnlyList<string> usages) => usages.Count > 0 ? string.Join(", ", usages.Take(MostShown).Select(oid => new Oid(oid).FriendlyName ?? oid)) : "nothing";
}
