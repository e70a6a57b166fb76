namespace FlexTls;

/// <summary>
/// Requests without TLS, <c>http://</c> and <c>ws://</c>, which a policy forbids unless it says otherwise.
/// </summary>
internal static class PlainHttp
{
    /// <summary>Why a plain request is refused; <see langword="null"/>: it is allowed.</summary>
    /// <param name="context">The policy in force.</param>
    /// <param name="isAllowedAnyway">Whether its client may make such requests, whatever the policy says.</param>
    /// <param name="address">The request's address.</param>
    public static TlsHandshakeException? Refusal(ContextGeneration context, bool isAllowedAnyway, Uri address)
    {
        if (isAllowedAnyway || context.Policy.DangerousAllowPlainHttp)
        {
            return null;
        }

        var withTls = address.Scheme == Uri.UriSchemeWs ? Uri.UriSchemeWss : Uri.UriSchemeHttps;
        return context.Failures.Create(DiagnosticCodes.PlainHttpRefused, address.AsciiHost(),
            $"the request is for {address.Scheme}://, and its client is under a policy; nothing was sent. "
            + $"Write {withTls}://, or set allowPlainHttp (under extensions) in the policy.");
    }
}
