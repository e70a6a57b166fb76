namespace FlexTls.Upstreams;

/// <summary>Whether a policy can be used by an HTTP client.</summary>
internal static class HttpAlpn
{
    /// <summary>Why not; <see langword="null"/> if it can. Without ALPN a server speaks HTTP/1.1.</summary>
    public static string? Problem(OutboundTlsPolicy policy) =>
        policy.Alpn.Count == 0 || policy.Alpn.Contains("h2") || policy.Alpn.Contains("http/1.1")
            ? null
            : "alpn of its policy has neither h2 nor http/1.1, so an HttpClient cannot use it; add one of them, or write [] for no ALPN.";
}
