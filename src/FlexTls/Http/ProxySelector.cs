using System.Collections.Concurrent;
using System.Net;

namespace FlexTls;

/// <summary>
/// The proxy that the user configured, or the environment's. It is asked once per request, before a handler gets the
/// request: one handler connects only directly, another only through proxies, so that each knows what it connects to.
/// </summary>
internal sealed class ProxySelector(IWebProxy? configured) : IWebProxy
{
    private const int MostRemembered = 1_000;

    // Leads nowhere (RFC 6761).
    private static readonly Uri Unknown = new("http://unknown-proxy.invalid");

    // Flows with the request, because another thread sends the first request of a handler.
    private static readonly AsyncLocal<Way?> Chosen = new();

    // A cache: a forgotten address is made again, and equals the old one.
    private readonly ConcurrentDictionary<(Authority Proxy, Authority Destination), TunnelAddress> _tunnels =
        new(1, 1);

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => TunnelCredentials.Of(Inner.Credentials);
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
            // The platform treats a proxy that throws as no proxy; so do we.
            return null;
        }

        return proxy is not null && proxy.Scheme == Uri.UriSchemeHttp && destination.IsTls()
            ? Tunnel(proxy, Authority.Of(destination))
            : proxy;
    }

    /// <summary>
    /// Until the choice is disposed, the handler of a new request gets this proxy when it asks for the way to an
    /// address.
    /// </summary>
    public static Choice Choose(Uri? destination, Uri? proxy) => new(destination, proxy);

    /// <summary>The chosen proxy; never <see langword="null"/>, or the handler would connect directly.</summary>
    public Uri GetProxy(Uri destination) =>
        Chosen.Value is { } way && ReferenceEquals(way.Destination, destination) ? way.Proxy : Unknown;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => false;

    /// <summary>
    /// Bounded: callers may ask for ever more hosts, and the user's proxy may return ever more proxies.
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

    /// <summary>
    /// The way chosen for a request. While one request is being sent, a listener may send another. Without a proxy it
    /// does nothing, because nothing will ask for it.
    /// </summary>
    internal readonly ref struct Choice : IDisposable
    {
        private readonly bool _isMade;
        private readonly Way? _before;

        public Choice(Uri? destination, Uri? proxy)
        {
            if (destination is not null && proxy is not null)
            {
                (_isMade, _before) = (true, Chosen.Value);
                Chosen.Value = new Way(destination, proxy);
            }
        }

        public void Dispose()
        {
            if (_isMade)
            {
                Chosen.Value = _before;
            }
        }
    }

    private sealed record Way(Uri Destination, Uri Proxy);
}
