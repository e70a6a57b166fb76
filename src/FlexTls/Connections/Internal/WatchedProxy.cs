using System.Collections.Concurrent;
using System.Net;
using FlexTls.Contexts;

namespace FlexTls.Connections;

/// <summary>
/// The proxy that the user configured, or the environment's. It keeps which proxies it has named: a connect callback is
/// told an end point, and must know whether that is the upstream or a proxy on the way to it.
/// </summary>
internal sealed class WatchedProxy(IWebProxy? configured) : IWebProxy
{
    private const int MostRemembered = 1_000;

    private readonly ConcurrentDictionary<Authority, Uri> _named = new();
    private readonly ConcurrentDictionary<(Authority Proxy, Authority Destination), Uri> _tunnels = new();

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => Inner.Credentials;
        set => Inner.Credentials = value;
    }

    private IWebProxy Inner => configured ?? HttpClient.DefaultProxy;

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination)
    {
        if (Inner.GetProxy(destination) is not { } proxy)
        {
            return null;
        }

        var authority = Authority.Of(proxy);
        if (!_named.TryGetValue(authority, out var known) || (IsHttps(proxy) && !IsHttps(known)))
        {
            Remember(authority, proxy);
        }

        return destination.IsTls() && proxy.Scheme == Uri.UriSchemeHttp ? Tunnel(proxy, authority, Authority.Of(destination)) : proxy;
    }

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => Inner.IsBypassed(host);

    /// <summary>The proxy at an end point, or <see langword="null"/> if there is none.</summary>
    public Uri? Find(DnsEndPoint endPoint) => _named.GetValueOrDefault(Authority.Of(endPoint));

    /// <summary>Whether requests for this address go through a proxy.</summary>
    public bool IsUsedFor(Uri destination)
    {
        try
        {
            return !Inner.IsBypassed(destination) && GetProxy(destination) is not null;
        }
        catch (Exception)
        {
            // The handler takes what throws for no proxy; so it is none here.
            return false;
        }
    }

    private static bool IsHttps(Uri proxy) => proxy.Scheme == Uri.UriSchemeHttps;

    /// <summary>
    /// The proxy under an address of its own for each destination. The pool uses a connection on which a CONNECT was
    /// refused for the next CONNECT to the same address of a proxy, and no callback sees whereto that one goes.
    /// </summary>
    private Uri Tunnel(Uri proxy, Authority authority, Authority destination)
    {
        if (_tunnels.TryGetValue((authority, destination), out var known))
        {
            return known;
        }

        // A cache: what was forgotten is made again.
        Bound(_tunnels);
        return _tunnels.GetOrAdd(
            (authority, destination),
            new UriBuilder(proxy) { Path = $"/{destination}", Query = "", Fragment = "" }.Uri);
    }

    /// <summary>A proxy that was once reached by TLS stays so, because TLS is what is refused.</summary>
    private void Remember(Authority authority, Uri proxy)
    {
        // A connection to a forgotten proxy is refused, like any connection to an unknown end point.
        Bound(_named);
        _named.AddOrUpdate(authority, proxy, (_, other) => IsHttps(other) ? other : proxy);
    }

    /// <summary>
    /// Bounded: callers may ask for ever new hosts, and the user's proxy may answer with ever new proxies.
    /// </summary>
    private static void Bound<TKey>(ConcurrentDictionary<TKey, Uri> remembered)
        where TKey : notnull
    {
        if (remembered.Count >= MostRemembered)
        {
            remembered.Clear();
        }
    }
}
