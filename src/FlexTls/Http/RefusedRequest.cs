namespace FlexTls;

/// <summary>Why a request is not sent, in the shape of a failed handshake.</summary>
internal static class RefusedRequest
{
    /// <summary>The exception for a request that a policy, or the lack of one, refuses.</summary>
    public static HttpRequestException By(TlsPolicyDiagnostic fault, HttpRequestMessage request)
    {
        var host = request.RequestUri is { IsAbsoluteUri: true } uri ? uri.AsciiHost() : "";
        var message = Text.OneLine($"{fault.Code}: {fault.Message}");
        var failure = new TlsHandshakeException(
            fault.Code, message, null, host, null, null, new TlsPolicyException([fault]));
        return new HttpRequestException(HttpRequestError.SecureConnectionError, failure.Message, failure);
    }
}
