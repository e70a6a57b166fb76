namespace FlexTls;

/// <summary>
/// Recognizes legal protocol ids that no HTTP server knows: other names for HTTP/1.1, HTTP/2 and HTTP/3.
/// </summary>
internal static class AlpnMistakes
{
    private const int LongestMistake = 40;
    private const int MostEdits = 2;
    private const string Http11 = PolicyDefaults.Http11;

    /// <summary>Registered ids that are close to <c>http/1.1</c> but correct.</summary>
    private static readonly string[] Registered = ["http/0.9", "http/1.0"];

    /// <summary>
    /// The fault of an id and its fix, as the end of a message; <see langword="null"/>: no mistake is recognized.
    /// </summary>
    public static string? Of(string id)
    {
        if (id.Length > LongestMistake || PolicyDefaults.Alpn.Contains(id) || Registered.Contains(id))
        {
            return null;
        }

        return Meant(id) is { } meant ? $"which is not an id that HTTP servers know; did you mean {meant}?"
            : IsList(id) ? "which is one id and looks like several; make each an entry of its own."
            : LettersOf(id) is "h2c" ? $"the name of HTTP/2 without TLS; write {PolicyDefaults.Http2}."
            : LettersOf(id) is "h3" or "http3" or "http30" || id.StartsWith("h3-", StringComparison.OrdinalIgnoreCase)
                ? $"a name of HTTP/3, which does not run over TCP; write {PolicyDefaults.Http2} or {Http11}."
            : null;
    }

    private static string? Meant(string id) => LettersOf(id) switch
    {
        "h2" or "h20" or "http2" or "http20" => PolicyDefaults.Http2,
        "h1" or "h11" or "http" or "https" or "http1" or "http11" => Http11,
        "http3" or "http30" => null,
        _ => NearestName.Find(id, [Http11], MostEdits),
    };

    private static bool IsList(string id)
    {
        var parts = id.Trim('[', ']').Split([',', ';', '|', ' '], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 1 && parts.All(part => PolicyDefaults.Alpn.Contains(part) || Meant(part) is not null);
    }

    private static string LettersOf(string id) =>
        string.Concat(id.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
