using FlexTls.Upstreams;
using FlexTls.Validation;

namespace FlexTls.Connections;

/// <summary>A transport to a proxy, over which the pool makes TLS to the upstream by itself.</summary>
internal sealed class Tunnel(Stream transport, string host, bool isNamed, TunnelChains chains) : IUpstreamConnection
{
    public string Host => host;

    public bool IsNamed => isNamed;

    public IReadOnlyCollection<PresentedChain> Presented => chains.Of(host);

    // Nobody tells when the pool closes it, but a closed stream cannot be read any more.
    public bool IsOpen => transport.CanRead;

    // The platform's stream lies between: the reason is in the log.
    public void End(string reason) => transport.Dispose();
}
