using System.Net;
using System.Net.Security;

namespace FlexTls;

/// <summary>
/// Counts the connections of a handler whose servers may still refuse them, and the writes that wait. While there is
/// such a connection, or before the first one, requests are watched for a refusal; otherwise they pass untouched.
/// </summary>
internal sealed class ConnectionWatch
{
    private readonly RecentCount _unanswered = new();
    private readonly RecentCount _waitingWrites = new();
    private int _answered;
    private int _http2;

    /// <summary>Whether an HTTP/2 connection is open.</summary>
    public bool HasHttp2 => Volatile.Read(ref _http2) > 0;

    /// <summary>Whether no request that starts now can, as far as is known, be the first on its connection.</summary>
    public bool IsSettled =>
        Volatile.Read(ref _answered) > 0 && _unanswered.Count == 0 && !UnansweredHosts.HasRecent;

    /// <summary>Connections that were closed without an answer.</summary>
    public UnansweredHosts UnansweredHosts { get; } = new();

    /// <summary>
    /// Whether a request may have waited on a connection at any time since the last call: the first request on an
    /// HTTP/2 connection waits for the server to answer, and later ones may wait behind another request's write.
    /// </summary>
    public bool HadWaiting() => _unanswered.WasAny() | _waitingWrites.WasAny();

    /// <summary>Begins to count a connection that is being made.</summary>
    /// <param name="log">The upstream's log.</param>
    /// <param name="endPoint">The server.</param>
    /// <param name="isRedirectTarget">Whether the server is a redirect target at another authority.</param>
    public Connection Begin(UpstreamLog log, DnsEndPoint endPoint, bool isRedirectTarget)
    {
        _unanswered.Begin();
        return new Connection(this, log, endPoint, isRedirectTarget);
    }

    /// <summary>One connection, from its first attempt to its end.</summary>
    internal sealed class Connection(
        ConnectionWatch watch, UpstreamLog log, DnsEndPoint endPoint, bool isRedirectTarget)
        : IConnectionObserver, IUpstreamConnection
    {
        private const int Uncounted = 0;
        private const int Counted = 1;
        private const int Unanswered = 0;
        private const int IsAnswered = 1;
        private const int IsOver = 2;

        private int _state = Unanswered;
        private int _http2 = Uncounted;
        private volatile bool _hasAnswered;
        private volatile UpstreamGeneration? _generation;

        // Weak: counting connections must not keep alive those that nobody uses any more.
        private volatile WeakReference<UpstreamStream>? _stream;
        private volatile PresentedChain? _presented;

        /// <summary>Its number in the upstream's history.</summary>
        public long Number { get; } = log.History.Begin();

        public string Host => endPoint.Host;

        public bool IsRedirectTarget => isRedirectTarget;

        public IReadOnlyCollection<PresentedChain> Presented => _presented is { } presented ? [presented] : [];

        public bool NeedsPlainHttp => false;

        public bool LeadsToServer => true;

        /// <summary>Whether what happens to it is of the upstream as it is now in force.</summary>
        private bool IsOfUpstream => !isRedirectTarget && _generation?.Replaced.IsCancellationRequested != true;

        public bool IsOpen => Volatile.Read(ref _state) != IsOver;

        /// <summary>The handshake is complete: the connection joins its generation.</summary>
        public void Join(UpstreamGeneration generation, UpstreamStream stream)
        {
            (_presented, _stream) = (stream.Outcome.Presented, new WeakReference<UpstreamStream>(stream));
            _generation = generation;

            // A generation that is over refuses; it is then no longer in force either, so the connection is made again.
            generation.TryAdd(this);
            if (!IsOpen)
            {
                // The end came first.
                generation.Remove(this);
            }

            // Only in HTTP/2 does the server speak first; and a pool may keep an HTTP/1.1 connection in reserve,
            // without a request for a long time.
            if (stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            {
                CountAnswer();
            }
            else
            {
                CountHttp2();
            }
        }

        public void End(string reason)
        {
            if (_stream is { } weak && weak.TryGetTarget(out var stream))
            {
                stream.End(reason);
            }
        }

        public void Answered()
        {
            _hasAnswered = true;
            watch.UnansweredHosts.Remove(Authority.Of(endPoint));
            if (IsOfUpstream)
            {
                log.History.Accepted(Number);
            }

            CountAnswer();
        }

        public void ClosedUnanswered(TlsHandshakeException refusal)
        {
            Refused(refusal);
            watch.UnansweredHosts.Add(Authority.Of(endPoint), refusal);
        }

        private void CountAnswer()
        {
            // The end may come first: then there is nothing left to count.
            if (Interlocked.CompareExchange(ref _state, IsAnswered, Unanswered) == Unanswered)
            {
                // In this order, so that in between it is counted twice rather than not at all.
                Interlocked.Increment(ref watch._answered);
                watch._unanswered.End();
            }
        }

        public void Refused(TlsHandshakeException refusal) => log.Failed(refusal, IsOfUpstream, Number);

        public void WriteWaits() => watch._waitingWrites.Begin();

        public void WriteEnded() => watch._waitingWrites.End();

        public void Closed()
        {
            if (_hasAnswered)
            {
                // Whose request fails now had an answer: what became of another connection is no reason for that.
                watch.UnansweredHosts.Remove(Authority.Of(endPoint));
            }

            if (Interlocked.Exchange(ref _http2, IsOver) == Counted)
            {
                Interlocked.Decrement(ref watch._http2);
            }

            switch (Interlocked.Exchange(ref _state, IsOver))
            {
                case Unanswered:
                    watch._unanswered.End();
                    break;
                case IsAnswered:
                    Interlocked.Decrement(ref watch._answered);
                    break;
                default:
                    return;
            }

            _generation?.Remove(this);
        }

        private void CountHttp2()
        {
            Interlocked.Increment(ref watch._http2);
            if (Interlocked.CompareExchange(ref _http2, Counted, Uncounted) != Uncounted)
            {
                // The end came first.
                Interlocked.Decrement(ref watch._http2);
            }
        }
    }
}
