namespace FlexTls;

/// <summary>
/// Finds the reason why requests through a proxy failed, where the platform's pool made the TLS connection and FlexTls
/// saw only its bytes.
/// </summary>
internal sealed class TunnelFailures(
    HandlerBlueprint blueprint, UpstreamGeneration generation, Tunnels tunnels, bool isForRedirectTargets)
{
    /// <summary>Begins to watch a request that is about to be sent.</summary>
    public Watch Begin(HttpRequestMessage request) =>
        new(this, request.RequestUri, request.Content is not null, Tally);

    private TunnelTally Tally => tunnels.Tally;

    private bool IsInForce => blueprint.Upstream.IsCurrent(generation);

    private Approach Approach => generation.Context.ApproachTo(isForRedirectTargets);

    private void Note(TlsHandshakeException failure) => blueprint.Upstream.Log.Failed(
        failure, Tunnels.IsOfUpstream(blueprint, generation, isForRedirectTargets));

    /// <summary>One request.</summary>
    /// <param name="Owner">Finds the reasons.</param>
    /// <param name="Address">The request's address: a caller may give up and change the message.</param>
    /// <param name="IsSentOnce">Whether the pool does not send the request again on another connection.</param>
    /// <param name="Before">The tunnels before it was sent.</param>
    internal readonly record struct Watch(
        TunnelFailures Owner, Uri? Address, bool IsSentOnce, TunnelTally Before)
    {
        // The pool sends a request three times more, each time on a new connection.
        private const int Retries = 3;

        /// <summary>
        /// The failure of TLS, which is logged and counted; <see langword="null"/>: it was something else.
        /// </summary>
        public TlsHandshakeException? Find(HttpRequestException exception)
        {
            if (!IsTls || !Owner.IsInForce || Inner(exception).Any(inner => inner is TlsHandshakeException))
            {
                return null;
            }

            var failure = Translate(exception, Address!.IdnHost);
            if (failure is not null)
            {
                Owner.Note(failure);
            }

            return failure;
        }

        /// <summary>
        /// Logs and counts a server that never answered the handshake. The exception stays the pool's.
        /// </summary>
        /// <returns>Always <see langword="false"/>.</returns>
        public bool NoteTimeout(OperationCanceledException exception)
        {
            var now = Owner.Tally;
            if (IsTls && exception.InnerException is TimeoutException && now.Opened > Before.Opened
                && now.Handshakes == Before.Handshakes && Owner.IsInForce)
            {
                Owner.Note(Owner.Approach.Failures.NotFinished(Address!.IdnHost, exception));
            }

            return false;
        }

        private bool IsTls => Address is { Scheme: "https" or "wss" };

        /// <summary>How many handshakes came as far as the server's certificate since the request was sent.</summary>
        private int Handshakes => Owner.Tally.Handshakes - Before.Handshakes;

        private TlsHandshakeException? Translate(HttpRequestException exception, string host)
        {
            var failures = Owner.Approach.Failures;
            if (exception is { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } inner })
            {
                return failures.TranslateForeign(host, inner);
            }

            if (Handshakes == 0)
            {
                // It failed on a connection that had been made before.
                return null;
            }

            var transport = Inner(exception).OfType<IOException>().FirstOrDefault();
            return failures.TranslateLate(host, transport)
                ?? (IsUnanswered(exception) ? failures.ClosedBeforeAnswer(host, transport) : null);
        }

        /// <summary>Whether the servers of all connections may have refused the client certificate.</summary>
        private bool IsUnanswered(HttpRequestException exception) => Owner.Approach.PresentsCertificate
            && (IsWithoutHttp2(exception)
                || (!IsSentOnce && Handshakes >= Retries
                    && exception.HttpRequestError == HttpRequestError.ResponseEnded));

        /// <summary>
        /// Whether a connection was closed before the first frame of HTTP/2, for which the platform has no error code.
        /// </summary>
        private static bool IsWithoutHttp2(HttpRequestException exception) =>
            Inner(exception).Any(inner => inner.Message.Contains("HTTP/2 handshake", StringComparison.Ordinal));

        private static IEnumerable<Exception> Inner(Exception exception)
        {
            for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
            {
                yield return inner;
            }
        }
    }
}
