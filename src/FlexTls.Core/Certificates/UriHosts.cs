namespace FlexTls.Certificates;

/// <summary>
/// The only place that asks a URI for its host in ASCII: where IDNA refuses the host, the platform throws.
/// </summary>
internal static class UriHosts
{
    /// <summary>
    /// The host in its ASCII form (IDNA); <see langword="null"/>: it has none, and nobody can connect to it.
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
    /// The host in its ASCII form, or as it is written if it has none. Never equal to another host's.
    /// </summary>
    public static string AsciiHost(this Uri uri) => uri.FindAsciiHost() ?? uri.Host;
}
