namespace FlexTls;

/// <summary>The status line of a proxy that was asked for a tunnel (RFC 9110, section 9.3.6).</summary>
internal static class ProxyAnswer
{
    // Behind the version and a blank.
    private const int StatusAt = 9;

    /// <summary>
    /// Whether the proxy opens no tunnel. An answer that is no HTTP, or comes in pieces, is none: then the tunnel is
    /// awaited on.
    /// </summary>
    public static bool IsRefusal(ReadOnlySpan<byte> answer) =>
        answer.StartsWith("HTTP/1."u8) && answer.Length > StatusAt
        && answer[StatusAt] is >= (byte)'3' and <= (byte)'5';
}
