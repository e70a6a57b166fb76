namespace FlexTls;

/// <summary>
/// The only place that asks a URI for its host in ASCII: the platform throws if IDNA refuses the host.
/// </summary>
internal static class UriHosts
{
    /// <summary>
    /// The host in its ASCII form (IDNA); <see langword="null"/>: it has none, and no connection to it is possible.
    /// </summary>
    public static string? FindAsciiHost(this Uri uri)
    {
        try
        {
            return uri.IdnHost;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// The host in its ASCII form, or as written if it has none. Never equal to the form of another host.
    /// </summary>
    public static string AsciiHost(this Uri uri) => uri.FindAsciiHost() ?? uri.Host;
}
