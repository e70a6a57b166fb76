namespace FlexTls;

/// <summary>
/// A proxy, with a distinct address for each destination behind it. The pool asks for a tunnel by a message with this
/// very address, so the message itself shows that the pool connects to a proxy, and where the tunnel leads.
/// </summary>
/// <remarks>
/// After a refused CONNECT, the pool uses the connection for the next CONNECT to the same proxy address, and no
/// callback sees where that one goes. Therefore two destinations never share an address.
/// </remarks>
internal sealed class TunnelAddress(Uri proxy, Authority destination)
    : Uri($"{proxy.Scheme}://{UserOf(proxy)}{HostOf(proxy)}:{proxy.Port}/{destination}")
{
    /// <summary>The proxy as the user wrote it.</summary>
    public Uri Proxy => proxy;

    /// <summary>The server behind the proxy.</summary>
    public Authority Destination => destination;

    private static string UserOf(Uri proxy) => proxy.UserInfo.Length == 0 ? "" : $"{proxy.UserInfo}@";

    /// <summary>URI builders lose the zone of an IPv6 address.</summary>
    private static string HostOf(Uri proxy) => proxy.HostNameType == UriHostNameType.IPv6
        ? $"[{proxy.DnsSafeHost}]"
        : proxy.Host;
}
