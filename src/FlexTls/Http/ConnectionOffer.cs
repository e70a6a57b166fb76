using System.Net;
using System.Net.Security;

namespace FlexTls;

/// <summary>The ALPN offers of one handler's connections, for the lifetime of the handler and its generation.</summary>
internal sealed class ConnectionOffer(HandlerBlueprint blueprint, UpstreamGeneration generation, Transports transports)
{
    private readonly HttpOffer _offer = new();

    /// <summary>The offer for a connection over a transport. The transport is disposed if the call fails.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="protocols">The protocols of the policy in force.</param>
    /// <param name="endPoint">The end point.</param>
    /// <param name="version">The version of the request that needs the connection.</param>
    /// <param name="versionPolicy">The other versions that the request accepts.</param>
    /// <param name="isDisposed">Whether the handler is disposed.</param>
    public IReadOnlyList<SslApplicationProtocol> Over(
        Stream transport, OfferedProtocols protocols, DnsEndPoint endPoint, Version version,
        HttpVersionPolicy versionPolicy, bool isDisposed)
    {
        try
        {
            return transport is not SslStream
                ? For(protocols, endPoint, version, versionPolicy, isDisposed)
                : throw new InvalidOperationException(
                    "The handler's ConnectCallback returned an SslStream; it must return the transport, "
                    + "and TLS is made as the policy says.");
        }
        catch
        {
            transport.CloseInBackground();
            throw;
        }
    }

    /// <summary>The offer for a connection, before there is a transport.</summary>
    public IReadOnlyList<SslApplicationProtocol> For(
        OfferedProtocols protocols, DnsEndPoint endPoint, Version version, HttpVersionPolicy versionPolicy,
        bool isDisposed)
    {
        IReadOnlyList<SslApplicationProtocol> offered;
        try
        {
            offered = _offer.For(protocols, endPoint, version, versionPolicy);
        }
        catch (HttpRequestException) when (blueprint.SendsSeveralTimes && !blueprint.Upstream.IsCurrent(generation))
        {
            // This pool has switched to HTTP/1.1, which the policy in force may no longer allow; another pool has not.
            throw transports.Closed(endPoint.Host);
        }

        // A disposed handler that sends a request again, as after a 401, would close a new HTTP/2 connection at once.
        if (!isDisposed || !offered.Contains(SslApplicationProtocol.Http2))
        {
            return offered;
        }

        SslApplicationProtocol[] rest = [.. offered.Where(protocol => protocol != SslApplicationProtocol.Http2)];
        return rest.Length > 0 && !blueprint.SendsSeveralTimes ? rest : throw transports.Closed(endPoint.Host);
    }

    /// <summary>Remembers the protocol that a server chose.</summary>
    public void Learn(
        DnsEndPoint endPoint, Version version, HttpVersionPolicy versionPolicy, SslApplicationProtocol chosen) =>
        _offer.Learn(endPoint, version, versionPolicy, chosen);
}
