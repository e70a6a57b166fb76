using System.Collections.Concurrent;
using System.Net;

namespace FlexTls.Connections;

/// <summary>
/// The proxy that the user configured, or the environment's. It keeps which proxies it has named: a connect callback is
/// told an end point, and must know whether that is the upstream or a proxy on the way to it.
/// </summary>
internal sealed class WatchedProxy(IWebProxy? configured) : IWebProxy
{
    private readonly ConcurrentDictionary<Authority, Uri> _named = new();

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
        var proxy = Inner.GetProxy(destination);
        if (proxy is not null && !_named.ContainsKey(Authority.Of(proxy)))
        {
            _named.TryAdd(Authority.Of(proxy), proxy);
        }

        return proxy;
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
}
