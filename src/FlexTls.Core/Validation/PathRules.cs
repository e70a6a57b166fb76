using System.Formats.Asn1;

namespace FlexTls;

/// <summary>All rules for the certificates of a path beyond the platform's own.</summary>
internal static class PathRules
{
    /// <param name="path">The path, the server's certificate first.</param>
    /// <param name="isAnchored">Whether the last certificate is itself trusted.</param>
    /// <param name="now">The time of the verdict.</param>
    public static IEnumerable<ServerCertificateFailure> Check(
        IReadOnlyList<DecodedCertificate> path, bool isAnchored, DateTimeOffset now) =>
    [
        .. DateRules.Check(path, now),
        .. UsageRules.Check(path, isAnchored),
        .. KeyRules.Check(path),
        .. SignatureRules.Check(path, isAnchored),
        .. FormRules.Check(path, isAnchored),
    ];

    /// <summary>
    /// The rules, besides its name, for a server's certificate that is itself listed in trustedCA: it vouches only for
    /// itself.
    /// </summary>
    public static IEnumerable<ServerCertificateFailure> CheckListed(DecodedCertificate server, DateTimeOffset now) =>
        [.. DateRules.Check([server], now), .. KeyRules.Check([server])];

    /// <summary>The maximum number of reasons reported for one path: a server can cause many, and long ones.</summary>
    public const int MostFailures = 20;

    /// <summary>Whether a path to an anchor is refused, whatever the platform's verdict would be.</summary>
    public static bool Refuse(IReadOnlyList<DecodedCertificate> path, DateTimeOffset now)
    {
        try
        {
            return Check(path, isAnchored: true, now).Any();
        }
        catch (AsnContentException)
        {
            return true;
        }
    }

    /// <summary>Whether the server's certificate has a fault that no other path would fix.</summary>
    public static bool IsHopeless(DecodedCertificate server, DateTimeOffset now) =>
        !server.IsInDate(now)
            || !server.Allows(DecodedCertificate.ServerAuth)
            || KeyDescription.Of(server).Verdict != KeyVerdict.Accepted;
}
