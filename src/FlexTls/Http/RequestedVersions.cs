using System.Collections.Frozen;
using System.Net;

namespace FlexTls;

/// <summary>
/// The HTTP version that a request asked for before the policy changed it. A message may be sent again, or be copied
/// for a redirect, under another policy, which must then be applied to the version asked for. Each version that we
/// write is a distinct object that maps back to the version asked for, at no cost per request.
/// </summary>
internal static class RequestedVersions
{
    private static readonly Version[] Known =
        [HttpVersion.Version10, HttpVersion.Version11, HttpVersion.Version20, HttpVersion.Version30];
    private static readonly HttpVersionPolicy[] Policies =
        [HttpVersionPolicy.RequestVersionOrLower, HttpVersionPolicy.RequestVersionOrHigher,
         HttpVersionPolicy.RequestVersionExact];

    private static readonly FrozenDictionary<(Choice Asked, Choice Written), Version> Marks =
        (from asked in All from written in All where asked != written select (asked, written))
        .ToFrozenDictionary(pair => pair, pair => new Version(pair.written.Version.Major, pair.written.Version.Minor));

    private static readonly FrozenDictionary<Version, (Choice Asked, Choice Written)> Written =
        Marks.ToFrozenDictionary(
            mark => mark.Value, mark => mark.Key, (IEqualityComparer<Version>)ReferenceEqualityComparer.Instance);

    private static IEnumerable<Choice> All =>
        from version in Known from policy in Policies select new Choice(version, policy);

    /// <summary>The version that the caller of a request asked for.</summary>
    public static Choice Of(HttpRequestMessage request) =>
        Written.TryGetValue(request.Version, out var mark) && mark.Written.Policy == request.VersionPolicy
            ? mark.Asked
            : new Choice(request.Version, request.VersionPolicy);

    /// <summary>Changes a request to the version that it is sent with.</summary>
    public static void Write(HttpRequestMessage request, Choice asked, Choice sent)
    {
        request.Version = asked == sent ? asked.Version : Marks.GetValueOrDefault((asked, sent)) ?? sent.Version;
        request.VersionPolicy = sent.Policy;
    }

    /// <summary>An HTTP version, with the policy for other versions.</summary>
    internal readonly record struct Choice(Version Version, HttpVersionPolicy Policy);
}
