namespace FlexTls;

/// <summary>Why a request is not sent, in the shape of a failed handshake.</summary>
internal static class RefusedRequest
{
    /// <summary>The exception for a request that a policy, or the lack of one, refuses.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="request">The request.</param>
    /// <param name="upstream">The upstream; <see langword="null"/>: none is known.</param>
    public static HttpRequestException By(
        TlsPolicyDiagnostic fault, HttpRequestMessage request, string? upstream = null)
    {
        var host = request.RequestUri is { IsAbsoluteUri: true } uri ? uri.AsciiHost() : "";
        var message = Text.OneLine($"{fault.Code}: {fault.Message}");
        var failure = new TlsHandshakeException(
            fault.Code, message, upstream is "" ? null : upstream, host,
            innerException: new TlsPolicyException([fault]));
        return new HttpRequestException(HttpRequestError.SecureConnectionError, failure.Message, failure);
    }
}
