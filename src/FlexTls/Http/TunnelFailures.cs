namespace FlexTls;

/// <summary>
/// Finds the reason why requests through a proxy failed, where the platform's pool made the TLS connection and FlexTls
/// saw only its bytes.
/// </summary>
internal sealed class TunnelFailures(
    Upstream upstream, UpstreamGeneration generation, TunnelAnswers answers, bool isForRedirectTargets)
{
    /// <inheritdoc cref="TunnelAnswers.UnansweredHosts"/>
    public UnansweredHosts UnansweredHosts => answers.UnansweredHosts;

    /// <summary>The failure of TLS; <see langword="null"/>: it was something else, or the exception has it.</summary>
    /// <param name="exception">What the pool threw.</param>
    /// <param name="address">The request's address when it was sent.</param>
    /// <param name="unanswered">How many connections were closed without an answer by then.</param>
    public TlsHandshakeException? Find(HttpRequestException exception, Uri? address, long unanswered)
    {
        if (address is not { IsAbsoluteUri: true } || !address.IsTls()
            || Chain(exception).Any(one =>
                one is TlsHandshakeException or EndedConnectionException || Transports.IsOnTheWay(one)))
        {
            return null;
        }

        if (exception is { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } failure })
        {
            return Noted(failure, Authority.Of(address).Host);
        }

        return exception.HttpRequestError == HttpRequestError.ResponseEnded || IsWithoutHttp2(exception)
            ? UnansweredHosts.Find(address, unanswered) : null;
    }

    /// <summary>
    /// A failed handshake, which is logged and counted: the pool reports each to one request alone. The server may
    /// have met the certificate of a generation that is no longer in force.
    /// </summary>
    private TlsHandshakeException Noted(Exception failure, string host)
    {
        var approach = generation.Context.ApproachTo(isForRedirectTargets);
        var translated = approach.Failures.TranslateForeign(host, failure);
        upstream.Log.Failed(translated, answers.IsOfUpstream);
        return translated;
    }

    /// <summary>
    /// Whether a connection was closed before the first frame of HTTP/2, for which the platform has no error code.
    /// </summary>
    private static bool IsWithoutHttp2(HttpRequestException exception) =>
        Chain(exception).Any(one => one.Message.Contains("HTTP/2 handshake", StringComparison.Ordinal));

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var one = exception; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }
}
