using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// Every certificate of the path must be allowed its role (RFC 5280, sections 4.2.1.3, 4.2.1.9, 4.2.1.12): the first as
/// a server, the others as CAs of servers.
/// </summary>
internal static class UsageRules
{
    private const int MostShown = 10;
    private const string WrongUse = "a key is used for a purpose that it does not have";
    private const string AnyApplication = "1.3.6.1.4.1.311.10.12.1";
    private static readonly string[] ForServers =
        [DecodedCertificate.ServerAuth, DecodedCertificate.AnyExtendedKeyUsage, AnyApplication];
    private const X509KeyUsageFlags ServerUsages = X509KeyUsageFlags.DigitalSignature
        | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement;

    /// <param name="path">The path, the server's certificate first.</param>
    /// <param name="isAnchored">Whether the last certificate is itself trusted.</param>
    public static IEnumerable<ServerCertificateFailure> Check(IReadOnlyList<DecodedCertificate> path, bool isAnchored)
    {
        foreach (var certificate in path)
        {
            if (UsagesOfOthers(certificate) is { } others)
            {
                yield return Refusal.Of(
                    DiagnosticCodes.NoServerAuthUsage, "a certificate is not for servers",
                    $"{certificate.Shown} is not for servers: its extended key usage lacks serverAuth",
                    "reissue it with that usage", "serverAuth", Shown(others));
            }
        }

        // The owner of a CA's key could issue a server certificate with it anyway.
        var usagesOfServer = path[0].IsAuthority ? ServerUsages | X509KeyUsageFlags.KeyCertSign : ServerUsages;
        if (KeyUsage.Of(path[0]) is { } usages && (usages & usagesOfServer) == 0)
        {
            yield return WrongKeyUsage(path[0], "may not be used for TLS", "digitalSignature", usages);
        }

        foreach (var authority in path.Skip(1))
        {
            if (!authority.IsAuthority && isAnchored && authority == path[^1])
            {
                yield return Refusal.Of(
                    DiagnosticCodes.UntrustedRoot, "the CA is not trusted",
                    $"{authority.Shown} is in trustedCA, but it is not a CA certificate and vouches only for itself",
                    "add the CA of the server's certificate to trustedCA", presented: authority.Shown);
            }
            else if (!authority.IsAuthority)
            {
                yield return Refusal.Of(
                    DiagnosticCodes.BadBasicConstraints, "a certificate is used as a CA certificate but is not one",
                    $"{authority.Shown} signs another certificate but is not a CA certificate",
                    "reissue the chain", "CA certificates above the server's", authority.Shown);
            }
            else if (KeyUsage.Of(authority) is { } allowed && (allowed & X509KeyUsageFlags.KeyCertSign) == 0)
            {
                yield return WrongKeyUsage(authority, "may not sign certificates", "keyCertSign", allowed);
            }
        }
    }

    /// <summary>
    /// The usages of a certificate that is not for servers. Microsoft's CAs can state usages in two extensions; both
    /// count, since the platform reads both.
    /// </summary>
    private static IReadOnlyList<string>? UsagesOfOthers(DecodedCertificate certificate) =>
        !certificate.Allows(DecodedCertificate.ServerAuth) ? certificate.ExtendedKeyUsages

            : PolicyExtensions.ApplicationsOf(certificate) is { } applications && !applications.Any(ForServers.Contains)
            ? applications
        : null;

    private static ServerCertificateFailure WrongKeyUsage(
        DecodedCertificate certificate, string problem, string wanted, X509KeyUsageFlags usages) => Refusal.Of(
        DiagnosticCodes.WrongKeyUsage, WrongUse,
        $"the key of {certificate.Shown} {problem}: its key usage lacks {wanted}",
        "reissue it with that usage", wanted, usages.ToString());

    private static string Shown(IReadOnlyList<string> usages) =>
        usages.Count > 0
            ? string.Join(", ", usages.Take(MostShown).Select(oid => new Oid(oid).FriendlyName ?? oid))
            : "nothing";
}
