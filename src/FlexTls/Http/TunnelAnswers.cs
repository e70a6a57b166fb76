using System.Net.Security;
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// Takes over the TLS streams of the pool in its tunnels, when their handshakes are complete: records what was
/// negotiated, and then what the server says to it. Each tunnel is recorded once, however many requests it carries.
/// </summary>
internal sealed class TunnelAnswers(
    HandlerBlueprint blueprint, UpstreamGeneration generation, bool isForRedirectTargets)
{
    private readonly ConditionalWeakTable<SslStream, Tunnel> _tunnels = [];

    private UpstreamLog Log => blueprint.Upstream.Log;

    /// <summary>
    /// Whether a failure shows that connections to the upstream fail. Where the tunnels are hidden, no success would
    /// show the contrary.
    /// </summary>
    public bool IsOfUpstream =>
        !isForRedirectTargets && !blueprint.HidesTunnels && blueprint.Upstream.IsCurrent(generation);

    /// <summary>Keeps the tunnel of a stream whose handshake is under way.</summary>
    public void Expect(SslStream stream, Tunnel tunnel) => _tunnels.AddOrUpdate(stream, tunnel);

    /// <inheritdoc cref="ConnectionWatch.UnansweredHosts"/>
    public UnansweredHosts UnansweredHosts { get; } = new();

    /// <summary>The plaintext filter of the pool, in front of the user's.</summary>
    public async ValueTask<Stream> FilterAsync(
        SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        // The pool has other streams too: those to the proxy, and those without TLS.
        var (observer, failures) = context.PlaintextStream is SslStream tls ? Complete(tls, context) : default;
        var stream = blueprint.PlaintextFilter is { } filter
            ? await filter(context, cancellationToken).ConfigureAwait(false)
            : context.PlaintextStream;

        // For a filter that returns null, the pool has an exception.
        return observer is null || stream is null ? stream! : new TunneledStream(stream, failures!, observer);
    }

    private (IAnswerObserver Observer, LateFailures Failures) Complete(
        SslStream stream, SocketsHttpPlaintextStreamFilterContext context)
    {
        var request = context.InitialRequestMessage;
        var tunnel = _tunnels.TryGetValue(stream, out var known) ? known : null;
        var trace = tunnel?.EndHandshake();
        if (tunnel?.Connection is { Chain: { } presented } connection)
        {
            Record(stream, trace, presented, connection);
        }

        var server = tunnel?.Connection.Server
            ?? (request.RequestUri is { IsAbsoluteUri: true } address ? Authority.Of(address)
                : new Authority(stream.TargetHostName, 0));
        var observer = new Observer(this, server, tunnel?.Connection.Number);
        var approach = generation.Context.ApproachTo(isForRedirectTargets);
        return (observer, new LateFailures(
            approach.Failures, server.Host, context.NegotiatedHttpVersion.Major == 2, approach.PresentsCertificate,
            observer));
    }

    private void Record(
        SslStream stream, HandshakeTrace? trace, PresentedChain presented, OpenTunnels.Connection connection)
    {
        if (isForRedirectTargets || !blueprint.Upstream.IsCurrent(generation))
        {
            return;
        }

        try
        {
            var hello = trace?.Hello;
            var isMutual = hello is { IsResumed: false }
                ? trace!.HasSentCertificate : stream.IsMutuallyAuthenticated;
            var outcome = HandshakeOutcome.OfForeign(
                presented, NegotiatedTls.Of(stream, hello?.GroupName, hello?.IsResumed, isMutual));
            generation.Context.Remember(outcome);
            Log.Succeeded(connection.Host, connection.Number, outcome, generation.Context.Effective);
        }
        catch (Exception)
        {
            // A user's clock may throw. Nothing depends on what the status says, least of all this connection.
        }
    }

    /// <summary>The server behind one tunnel, after its handshake.</summary>
    private sealed class Observer(TunnelAnswers owner, Authority server, long? number) : IAnswerObserver
    {
        private volatile bool _hasAnswered;
        private bool _isRefused;

        public void Answered()
        {
            _hasAnswered = true;
            owner.UnansweredHosts.Remove(server);
            if (owner.IsOfUpstream)
            {
                owner.Log.History.Accepted(number ?? 0);
            }
        }

        public void Refused(TlsHandshakeException refusal)
        {
            // Reads and writes fail at the same time, and whoever waits for either looks for the reason.
            owner.UnansweredHosts.Add(server, refusal);
            if (!Interlocked.Exchange(ref _isRefused, true))
            {
                owner.Log.Failed(refusal, owner.IsOfUpstream, number);
            }
        }

        public void ClosedUnanswered(TlsHandshakeException refusal) => Refused(refusal);

        public void Closed()
        {
            if (_hasAnswered)
            {
                // As for a direct connection.
                owner.UnansweredHosts.Remove(server);
            }
        }
    }
}
