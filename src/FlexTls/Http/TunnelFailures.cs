namespace FlexTls;

/// <summary>
/// Finds the reason why a request through a proxy failed, where the platform's pool made the TLS connection and FlexTls
/// saw only its bytes.
/// </summary>
internal sealed class TunnelFailures(
    HandlerBlueprint blueprint, UpstreamGeneration generation, bool isForRedirectTargets)
{
    /// <summary>
    /// The failure of TLS, which is logged and counted; <see langword="null"/>: it was something else.
    /// </summary>
    /// <param name="exception">What the pool threw.</param>
    /// <param name="request">The request.</param>
    /// <param name="isSentOnce">Whether the pool does not send the request again on another connection.</param>
    public TlsHandshakeException? Find(HttpRequestException exception, Uri? request, bool isSentOnce)
    {
        if (exception.InnerException is TlsHandshakeException || LateRefusal.In(exception) is not null
            || request is not { Scheme: "https" or "wss" })
        {
            return null;
        }

        var approach = generation.Context.ApproachTo(isForRedirectTargets);
        var (host, failures) = (request.IdnHost, approach.Failures);
        var inner = Inner(exception).OfType<IOException>().FirstOrDefault();
        var failure =
            exception is { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } ofHandshake }
                ? failures.TranslateForeign(host, ofHandshake)
            : failures.TranslateLate(host, inner)
                ?? (IsUnanswered(exception, approach, isSentOnce) ? failures.ClosedBeforeAnswer(host, inner) : null);
        if (failure is not null)
        {
            blueprint.Upstream.Log.Failed(failure, IsOfUpstream);
        }

        return failure;
    }

    /// <summary>
    /// Whether a failure shows that connections to the upstream fail. Where the tunnels are hidden, no success would
    /// show the contrary.
    /// </summary>
    public bool IsOfUpstream =>
        !isForRedirectTargets && !blueprint.HidesTunnels && blueprint.Upstream.IsCurrent(generation);

    /// <summary>
    /// Whether connection after connection was closed without an answer. A single one may have been idle, and the
    /// server closed it as the request was sent.
    /// </summary>
    private static bool IsUnanswered(HttpRequestException exception, Approach approach, bool isSentOnce) =>
        approach.PresentsCertificate
        && (IsWithoutHttp2(exception)
            || (!isSentOnce && exception.HttpRequestError == HttpRequestError.ResponseEnded));

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
