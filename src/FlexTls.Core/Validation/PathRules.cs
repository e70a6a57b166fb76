using System.Formats.Asn1;
using FlexTls.Certificates;

namespace FlexTls.Validation;

/// <summary>Everything that is asked of the certificates of a path beyond what the platform asks.</summary>
internal static class PathRules
{
    /// <param name="path">The path, the server's certificate first.</param>
    /// <param name="isAnchored">Whether the last one is trusted by itself.</param>
    /// <param name="now">When it is judged.</param>
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
    /// What is asked of a server's certificate that is itself listed in trustedCA, beside its name: it vouches for
    /// nobody else.
    /// </summary>
    public static IEnumerable<ServerCertificateFailure> CheckListed(DecodedCertificate server, DateTimeOffset now) =>
        [.. DateRules.Check([server], now), .. KeyRules.Check([server])];

    /// <summary>How many reasons are told of one path: a server can make them many, and long.</summary>
    public const int MostFailures = 20;

    /// <summary>Whether a path to an anchor is refused, whatever the platform would say of it.</summary>
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

    /// <summary>Whether the server's certificate has a fault that no other path would mend.</summary>
    public static bool IsHopeless(DecodedCertificate server, DateTimeOffset now) =>
        !server.IsInDate(now)
            || !server.Allows(DecodedCertificate.ServerAuth)
            || KeyDescription.Of(server).Verdict != KeyVerdict.Accepted;
}
