using System.Collections.Concurrent;
using System.Net;
using FlexTls.Contexts;

namespace FlexTls.Connections;

/// <summary>
/// The proxy that the user configured, or the environment's. It is asked once for each request, before a handler gets it:
/// one handler connects directly only, and another one through proxies only, so that each knows what it connects to.
/// </summary>
internal sealed class WatchedProxy(IWebProxy? configured) : IWebProxy
{
    private const int MostRemembered = 1_000;

    // Leads nowhere (RFC 6761).
    private static readonly Uri Unknown = new("http://unknown-proxy.invalid");

    [ThreadStatic]
    private static (Uri? Destination, Uri? Proxy) _chosen;

    // A cache: what was forgotten is made again, and equals what it was.
    private readonly ConcurrentDictionary<(Authority Proxy, Authority Destination), TunnelAddress> _tunnels = new();

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => Inner.Credentials;
        set => Inner.Credentials = value;
    }

    private IWebProxy Inner => configured ?? HttpClient.DefaultProxy;

    /// <summary>The way to an address: a proxy, or <see langword="null"/>: directly.</summary>
    public Uri? Find(Uri destination)
    {
        Uri? proxy;
        try
        {
            proxy = Inner.IsBypassed(destination) ? null : Inner.GetProxy(destination);
        }
        catch (Exception)
        {
            // The platform takes what throws for no proxy; so it is none here.
            return null;
        }

        return proxy is not null && proxy.Scheme == Uri.UriSchemeHttp && destination.IsTls()
            ? Tunnel(proxy, Authority.Of(destination))
            : proxy;
    }

    /// <summary>
    /// Until the end of the choice, the handler that asks on this thread for the way to an address gets this proxy.
    /// </summary>
    public static Choice Choose(Uri? destination, Uri? proxy) => new(destination, proxy);

    /// <summary>What was chosen, and never no proxy: the handler would connect directly.</summary>
    public Uri GetProxy(Uri destination) =>
        ReferenceEquals(_chosen.Destination, destination) && _chosen.Proxy is { } proxy ? proxy : Unknown;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => false;

    /// <summary>
    /// Bounded: callers may ask for ever new hosts, and the user's proxy may answer with ever new proxies.
    /// </summary>
    private TunnelAddress Tunnel(Uri proxy, Authority destination)
    {
        var authority = Authority.Of(proxy);
        if (_tunnels.TryGetValue((authority, destination), out var known))
        {
            return known;
        }

        if (_tunnels.Count >= MostRemembered)
        {
            _tunnels.Clear();
        }

        return _tunnels.GetOrAdd((authority, destination), new TunnelAddress(proxy, destination));
    }

    /// <summary>The way that was chosen for a request. While one is being sent, a listener may send another one.</summary>
    internal readonly ref struct Choice : IDisposable
    {
        private readonly (Uri? Destination, Uri? Proxy) _before;

        public Choice(Uri? destination, Uri? proxy) => (_before, _chosen) = (_chosen, (destination, proxy));

        public void Dispose() => _chosen = _before;
    }
}
