using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// Reads headers of a request without creating their collection: most requests have none, and reading must not
/// allocate.
/// </summary>
internal static class RequestHeaderPeek
{
    private static readonly bool CanPeek = Try();

    /// <summary>Whether the request wants to change the protocol of its connection (RFC 9110, section 7.8).</summary>
    public static bool HasUpgrade(this HttpRequestMessage request) =>
        request.ExistingHeaders()?.NonValidated.Contains("Upgrade") == true;

    /// <summary>The Host header, if the request has one of its own.</summary>
    public static string? Host(this HttpRequestMessage request) => request.ExistingHeaders()?.Host;

    /// <summary>The headers, if the request has any.</summary>
    public static HttpRequestHeaders? ExistingHeaders(this HttpRequestMessage request) =>
        CanPeek ? HeadersField(request) : request.Headers;

    private static bool Try()
    {
        try
        {
            using var request = new HttpRequestMessage();
            return HeadersField(request) is null;
        }
        catch (MissingFieldException)
        {
            // Another platform: reading then creates the collection.
            return false;
        }
    }

    // The public property creates the collection; the platform's own handlers check an internal one first.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_headers")]
    private static extern ref HttpRequestHeaders? HeadersField(HttpRequestMessage request);
}
