using System.Net;
using System.Net.Security;
using FlexTls.Certificates;
using FlexTls.Contexts;
using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Upstreams;
using FlexTls.Validation;

namespace FlexTls.Connections;

/// <summary>
/// The connections of one handler that go through a proxy. The pool makes their TLS by itself: so everything that the
/// policy wants and the pool would do otherwise is refused before.
/// </summary>
internal sealed class Tunnels(HandlerBlueprint blueprint, UpstreamGeneration generation, bool isForRedirectTargets)
    : ITunnelObserver
{
    private readonly Upstream _upstream = blueprint.Upstream;
    private readonly OpenTunnels _open = blueprint.TunnelsOf(generation);
    private volatile bool _hasLostChain;

    public ContextGeneration InForce => _upstream.Current.Context;

    /// <summary>Whether a server presented certificates of which it is not known to which of the connections they belong.</summary>
    public bool HasLostChain => _hasLostChain;

    private HandshakeFailures Failures => InForce.Http.Failures;

    /// <summary>Whether a request is one to a proxy, to make a tunnel, and no WebSocket over HTTP/2 (RFC 8441), which is a CONNECT too.</summary>
    public static bool IsConnectTo(HttpRequestMessage request, DnsEndPoint endPoint) =>
        request.Method == HttpMethod.Connect && request.Headers.Protocol is null && request.IsFor(endPoint);

    /// <summary>What must hold before a proxy is connected. The server behind it; <see langword="null"/>: there will be no TLS.</summary>
    /// <exception cref="TlsHandshakeException">The policy cannot be kept through the proxy.</exception>
    public Authority? Check(HttpRequestMessage request, DnsEndPoint endPoint, Uri proxy)
    {
        if (proxy.Scheme == Uri.UriSchemeHttps)
        {
            throw Logged(Failures.Create(DiagnosticCodes.HttpsProxy, proxy.AsciiHost(),
                "the proxy is connected by TLS itself (https://), and the handler would show it the client certificate and the trust that are the upstream's.",
                "the proxy can be reached by http:// as well"));
        }

        // A CONNECT to the proxy names its destination in its Host header, which the pool writes. Through SOCKS, the
        // request itself is the only one who knows it.
        var isTunnel = IsConnectTo(request, endPoint);
        if (!isTunnel && !request.IsTls())
        {
            return null;
        }

        var destination = (isTunnel ? Authority.TryParse(request.Headers.Host) : Authority.Of(request.RequestUri!))
            ?? throw Logged(Failures.Create(DiagnosticCodes.ThroughProxy, proxy.AsciiHost(), "the destination behind the proxy is not known."));
        CheckTunnel(destination);
        return destination;
    }

    /// <summary>Counts a transport to a proxy among the connections of the generation whose client certificate the handler presents.</summary>
    public async ValueTask<Stream> AddAsync(Stream transport, Authority destination)
    {
        var tunnel = new Tunnel(transport, destination.Host, isForRedirectTargets, this);
        if (_open.TryAdd(tunnel))
        {
            return tunnel;
        }

        await transport.DisposeAsync().ConfigureAwait(false);
        throw Logged(Failures.Create(DiagnosticCodes.DrainEnded, destination.Host, "the request has waited for its connection through the proxy since before the policy was replaced."));
    }

    public void Closed(Tunnel tunnel) => _open.Remove(tunnel);

    public void Presented(SslStream stream, HostName host, PresentedChain chain)
    {
        var tunnel = Tunnel.Under(stream);
        if (tunnel is null ? !_open.HasUnansweredTo(host) : !tunnel.LeadsTo(host))
        {
            throw Failures.Create(DiagnosticCodes.ServerNameThroughProxy, host.Text,
                "the handler sent this name, and would verify it, in a tunnel to another host.",
                "a Host header or a proxy that answers differently each time chose the name");
        }

        if (tunnel is not null)
        {
            tunnel.Keep(chain);
        }
        else
        {
            _hasLostChain = true;
            Interlocked.MemoryBarrier();
        }
    }

    public void Refused(TlsHandshakeException refusal) => _upstream.Log.Failed(refusal);

    private void CheckTunnel(Authority destination)
    {
        if (isForRedirectTargets)
        {
            return;
        }

        // The handler presents the certificate of its own generation, and the server is judged by the one in force.
        ContextGeneration[] both = [generation.Context, InForce];
        if (both.Select(context => context.Policy.ServerHost)
            .FirstOrDefault(name => name is not null && HostName.TryParse(destination.Host) != name) is { } name)
        {
            throw Logged(Failures.Create(DiagnosticCodes.ServerNameThroughProxy, destination.Host,
                $"the policy's serverName is {name.Shown}, "
                + "and through a proxy the handler can send and verify only the host of the request.",
                "the upstream can be reached without the proxy, or by a URI with that host"));
        }
    }

    private TlsHandshakeException Logged(TlsHandshakeException failure)
    {
        _upstream.Log.Failed(failure);
        return failure;
    }
}
