using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FlexTls;

/// <summary>The form that a caller prefers (RFC 9110, section 12.5.1).</summary>
internal static class AcceptHeader
{
    private static readonly MediaTypeHeaderValue Html = new("text/html");
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>
    /// Whether HTML is accepted before JSON: with a higher quality, or with the same one by a more specific range.
    /// </summary>
    public static bool PrefersHtml(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges)
        && RankOf(Html, ranges).CompareTo(RankOf(Json, ranges)) > 0;

    private static (double Quality, int Precision) RankOf(MediaTypeHeaderValue form, IList<MediaTypeHeaderValue> ranges)
    {
        // The most specific range decides, even if it excludes the form.
        var best = ranges.Where(range => form.IsSubsetOf(WithoutQuality(range))).OrderByDescending(PrecisionOf)
            .FirstOrDefault();
        return best is null or { Quality: 0 } ? default : (best.Quality ?? 1, PrecisionOf(best));
    }

    private static MediaTypeHeaderValue WithoutQuality(MediaTypeHeaderValue range) => new(range.MediaType);

    private static int PrecisionOf(MediaTypeHeaderValue range) =>
        range.MatchesAllTypes ? 1 : range.MatchesAllSubTypes ? 2 : 3;
}
