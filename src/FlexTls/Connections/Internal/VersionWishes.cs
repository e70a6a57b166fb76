using System.Collections.Frozen;
using System.Net;

namespace FlexTls.Connections;

/// <summary>
/// What a request asked for before its version was written anew. A message may be sent again, or be copied for a redirect, when
/// another policy is in force, and must then be judged by its own wish. Each version that we write is an object of its own, by
/// which the wish is found again: that costs a request nothing.
/// </summary>
internal static class VersionWishes
{
    private static readonly Version[] Known = [HttpVersion.Version10, HttpVersion.Version11, HttpVersion.Version20, HttpVersion.Version30];
    private static readonly HttpVersionPolicy[] Policies =
        [HttpVersionPolicy.RequestVersionOrLower, HttpVersionPolicy.RequestVersionOrHigher, HttpVersionPolicy.RequestVersionExact];

    private static readonly FrozenDictionary<(Wish Asked, Wish Written), Version> Marks =
        (from asked in All from written in All where asked != written select (asked, written))
        .ToFrozenDictionary(pair => pair, pair => new Version(pair.written.Version.Major, pair.written.Version.Minor));

    private static readonly FrozenDictionary<Version, (Wish Asked, Wish Written)> Written =
        Marks.ToFrozenDictionary(mark => mark.Value, mark => mark.Key, (IEqualityComparer<Version>)ReferenceEqualityComparer.Instance);

    private static IEnumerable<Wish> All => from version in Known from policy in Policies select new Wish(version, policy);

    /// <summary>What the caller of a request asked for.</summary>
    public static Wish Of(HttpRequestMessage request) =>
        Written.TryGetValue(request.Version, out var mark) && mark.Written.Policy == request.VersionPolicy
            ? mark.Asked
            : new Wish(request.Version, request.VersionPolicy);

    /// <summary>Writes onto a request how it is sent.</summary>
    public static void Write(HttpRequestMessage request, Wish asked, Wish sent)
    {
        request.Version = asked == sent ? asked.Version : Marks.GetValueOrDefault((asked, sent)) ?? sent.Version;
        request.VersionPolicy = sent.Policy;
    }

    /// <summary>An HTTP version, and what else would do.</summary>
    internal readonly record struct Wish(Version Version, HttpVersionPolicy Policy);
}
