using FlexTls.Policies;
using FlexTls.Upstreams;
using FlexTls.Validation;

namespace FlexTls.Connections;

/// <summary>A connection through a proxy, as its generation knows it.</summary>
internal sealed class TunnelConnection(string host, bool isRedirectTarget, Tunnels owner) : IUpstreamConnection
{
    // Weak: counting connections must not keep alive those that nobody uses any more.
    private volatile WeakReference<Tunnel>? _tunnel;
    private PresentedChain? _presented;
    private bool _isClosed;
    private bool _isAnswered;

    public string Host => host;

    public bool IsRedirectTarget => isRedirectTarget;

    /// <summary>
    /// Empty before the handshake, which the generation in force judges. <see cref="PresentedChain.None"/> where a
    /// chain may have been presented that could not be attributed to a connection.
    /// </summary>
    public IReadOnlyCollection<PresentedChain> Presented =>
        Volatile.Read(ref _presented) is { } chain ? [chain] : owner.HasLostChain ? [PresentedChain.None] : [];

    /// <summary>Whether the server's certificates are known.</summary>
    public bool HasPresented => Volatile.Read(ref _presented) is not null;

    public bool IsOpen => !Volatile.Read(ref _isClosed);

    /// <summary>The server has answered, or never will; <see langword="false"/>: that was known.</summary>
    public bool TryAnswer() => !Interlocked.Exchange(ref _isAnswered, true);

    /// <summary>Whether it leads to this host.</summary>
    public bool LeadsTo(HostName name) => HostName.TryParse(host) == name;

    /// <summary>The connection is made.</summary>
    public void Join(Tunnel tunnel) => _tunnel = new WeakReference<Tunnel>(tunnel);

    /// <summary>The server has presented its certificates.</summary>
    /// <remarks>A full fence: either a swap finds the chain, or whoever judges it now finds the swap.</remarks>
    public void Keep(PresentedChain chain) => Interlocked.Exchange(ref _presented, chain);

    public void End(string reason)
    {
        if (_tunnel is { } weak && weak.TryGetTarget(out var tunnel))
        {
            tunnel.End(reason);
        }
    }

    /// <summary>The connection is closed, or nobody uses it any more.</summary>
    public void Closed()
    {
        if (!Interlocked.Exchange(ref _isClosed, true))
        {
            owner.Closed(this);
        }
    }
}
