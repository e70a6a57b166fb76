namespace FlexTls.Http;

/// <summary>
/// A proxy under an address of its own for each destination behind it. The pool asks for a tunnel by a message with
/// this very address, so the message itself says that the pool connects to a proxy, and where the tunnel leads.
/// </summary>
/// <remarks>
/// The pool uses a connection on which a CONNECT was refused for the next CONNECT to the same address of a proxy, and
/// no callback sees where that one goes: so two destinations never share an address.
/// </remarks>
internal sealed class TunnelAddress(Uri proxy, Authority destination)
    : Uri($"{proxy.Scheme}://{UserOf(proxy)}{HostOf(proxy)}:{proxy.Port}/{destination}")
{
    /// <summary>The proxy, as the user wrote it.</summary>
    public Uri Proxy => proxy;

    /// <summary>The server behind the proxy.</summary>
    public Authority Destination => destination;

    private static string UserOf(Uri proxy) => proxy.UserInfo.Length == 0 ? "" : $"{proxy.UserInfo}@";

    /// <summary>Builders of URIs lose the zone of an IPv6 address.</summary>
    private static string HostOf(Uri proxy) => proxy.HostNameType == UriHostNameType.IPv6
        ? $"[{proxy.DnsSafeHost}]"
        : proxy.Host;
}
