using System.Security.Authentication;

namespace FlexTls;

/// <summary>Turns the platform's exceptions into messages that an operator can act on.</summary>
internal sealed class HandshakeFailures(string? upstream, EffectiveTlsSettings effective, PresentedIdentity identity)
{
    // OpenSSL packs library and reason into the error code; a reason from 1000 on is an alert that was received.
    private const int SslLibrary = 0x0A000000;
    private const int LibraryMask = 0x7F800000;
    private const int ReasonMask = 0xFFF;
    private const int FirstAlertReason = 1000;
    private const int LastAlert = 255;

    public TlsHandshakeException ApplicationProtocolRefused(string targetHost, string negotiated) => Create(
        DiagnosticCodes.AlpnOutsidePolicy, targetHost,
        "the server chose "
        + (negotiated.Length == 0 ? "no application protocol" : $"the application protocol '{negotiated}'")
        + $"; the policy wants {effective.AlpnShown}.",
        "the server does not speak that protocol on this port: change alpn or the port");

    /// <summary>
    /// The platform's own name check, which is needed in streams of other code, would throw for the host.
    /// </summary>
    public TlsHandshakeException HostOutsideIdna(HostName host) => Create(
        DiagnosticCodes.HostOutsideIdna, host.Shown,
        "the platform's IDNA rejects this host, so only streams that FlexTls authenticates itself can reach it, "
        + "and not a tunnel through a proxy or a stream of another library.",
        "the upstream can be reached without the proxy, by ConnectAsync or AuthenticateAsClientAsync, "
        + "or under another name");

    public TlsHandshakeException CertificateRefused(
        string targetHost, ServerCertificateValidationResult result, Exception? inner)
    {
        var first = result.Failures[0];
        var others = result.Failures.Count > 1 ? $" (and {Text.Count(result.Failures.Count - 1, "more reason")})" : "";

        // Exception messages reach the callers of a gateway, who must not see the certificates or the trust of an
        // upstream.
        return Build(
            first.Code, targetHost, $"the server's certificate is refused: {first.Reason}{others}.", first.Hint, result,
            inner);
    }

    public TlsHandshakeException Create(
        string code, string targetHost, string finding, string? hint = null, Exception? inner = null) =>
        Build(code, targetHost, hint is null ? finding : $"{finding} Probably {hint}.", hint, result: null, inner);

    private TlsHandshakeException Build(
        string code, string targetHost, string text, string? hint, ServerCertificateValidationResult? result,
        Exception? inner)
    {
        var whom = upstream is null ? targetHost : $"upstream '{upstream}' ({targetHost})";
        return new TlsHandshakeException(
            code, Text.OneLine($"{code}: TLS to {whom}: {text}"), upstream, targetHost,
            hint is null ? null : Text.OneLine(hint), result, inner);
    }

    /// <summary>The server did not get the client certificate, which the policy demands.</summary>
    public TlsHandshakeException NotMutual(string targetHost) => Create(
        DiagnosticCodes.NotMutual, targetHost,
        "the server did not ask for the client certificate, or accepts no signature that its key can make, and the "
        + "policy has requireMutualTls.",
        "mutual TLS was switched off at the server");

    /// <summary>Nobody could see whether the server gets the client certificate.</summary>
    public TlsHandshakeException MutualNotVerifiable(string targetHost) => Create(
        DiagnosticCodes.MutualNotVerifiable, targetHost,
        "the policy has requireMutualTls, which can be checked only for streams that FlexTls authenticates itself, and "
        + "not for a tunnel through a proxy or a stream of another library.",
        "the upstream can be reached without the proxy, or by ConnectAsync or AuthenticateAsClientAsync");

    /// <summary>The exception for a handshake that other code made, and whose bytes were not seen.</summary>
    public TlsHandshakeException TranslateForeign(string targetHost, Exception exception) =>
        Translate(targetHost, exception, answer: null);

    /// <summary>The exception for a handshake that failed for a reason other than the server's certificate.</summary>
    /// <param name="targetHost">The host of the handshake.</param>
    /// <param name="exception">The platform's exception.</param>
    /// <param name="answer">The first answer of the server, if it is known.</param>
    public TlsHandshakeException Translate(string targetHost, Exception exception, FirstAnswer? answer)
    {
        var innermost = Innermost(exception);
        if (Alert(innermost) is { } alert)
        {
            return Create(DiagnosticCodes.ForAlert(alert), targetHost,
                $"the server answered with the alert {TlsAlert.Name(alert)} ({alert}).",
                TlsAlert.Hint(alert, answer, effective, identity), inner: exception);
        }

        return (Reason(innermost), exception) switch
        {
            // SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_PACKET_LENGTH_TOO_LONG: the answer is not a TLS
            // record.
            (0x10B or 0x9C or 0xC6, _) => NotTls(targetHost, exception),
            // SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_SSL_VERSION: the server chose a version that was not offered.
            (0x102 or 0x10A, _) => NoCommonVersion(targetHost, exception, answer),
            // SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED
            (0x152, _) => Create(DiagnosticCodes.NoSecureRenegotiation, targetHost,
                "the server does not support secure renegotiation (RFC 5746), "
                + "and the TLS library refuses such servers.",
                "the server's TLS library is older than 2010: update it; until then, "
                + "Options = UnsafeLegacyServerConnect "
                + "in an openssl.cnf only for this process (OPENSSL_CONF) allows it", exception),
            (0, AuthenticationException { InnerException: null }) when IsFrameError(exception) =>
                NotTls(targetHost, exception),
            (_, IOException) => Closed(targetHost, exception),
            // A close_notify alert has no error code.
            _ when innermost.Message.Contains("ZERO_RETURN", StringComparison.Ordinal) => Closed(targetHost, exception),
            _ => Create(
                DiagnosticCodes.HandshakeFailed, targetHost, $"the handshake failed: {innermost.Message}",
                inner: exception),
        };
    }

    /// <summary>
    /// The reason why a server ended a connection without any answer; <see langword="null"/> if it gave none.
    /// </summary>
    public TlsHandshakeException? TranslateLate(string targetHost, IOException? exception) =>
        exception is not null && Alert(Innermost(exception)) is { } alert
        ? Create(DiagnosticCodes.ForAlert(alert), targetHost,
            $"the server ended the connection with the alert {TlsAlert.Name(alert)} ({alert}), before any answer.",
            TlsAlert.Hint(alert, answer: null, effective, identity), inner: exception)
        : null;

    /// <summary>
    /// The likely reason if the server gave none: many servers close when they reject the client certificate.
    /// </summary>
    public TlsHandshakeException ClosedBeforeAnswer(string targetHost, IOException? exception) => Create(
        DiagnosticCodes.ConnectionClosed, targetHost,
        "the connection was closed before any answer was read.",
        WhyClosed
        ?? $"the server closes without a reason; it may refuse {identity.Shown}, or a request that is too large",
        exception);

    /// <summary>
    /// The reason for the end of a connection whose server asks for renegotiation, which FlexTls never does.
    /// </summary>
    public TlsHandshakeException RenegotiationWanted(string targetHost, IOException exception) => Create(
        DiagnosticCodes.RenegotiationWanted, targetHost, "the server wants renegotiation, which FlexTls never does.",
        "the server asks for a client certificate only after it has read the request: "
        + "let it ask at the start, or "
        + (effective.MaxVersion < TlsVersion.Tls13 ? "allow TLS 1.3 (maxversion)" : "speak TLS 1.3")
        + (identity.Missing is { } missing ? $"; and it would get none: {missing}" : ""), exception);

    /// <summary>
    /// Whether the platform failed because the server asked for renegotiation, for which it has no error code.
    /// </summary>
    public static bool IsRenegotiation(IOException exception) =>
        exception.InnerException is null && exception.Message.Contains("renego", StringComparison.OrdinalIgnoreCase);

    /// <summary>The reason inside a cancellation.</summary>
    public TlsHandshakeException NotFinished(string targetHost, Exception? inner = null) => Create(
        DiagnosticCodes.HandshakeNotFinished, targetHost,
        "the handshake was given up before the server had finished it.",
        "the server is slow or silent, or the port belongs to a service that waits for something else", inner);

    private TlsHandshakeException Closed(string targetHost, Exception exception) => Create(
        DiagnosticCodes.ConnectionClosed, targetHost, "the connection was closed during the handshake.",
        WhyClosed, exception);

    private TlsHandshakeException NoCommonVersion(
        string targetHost, Exception exception, FirstAnswer? answer) => Create(
        DiagnosticCodes.NoCommonVersion, targetHost, "the server chose a TLS version that the policy does not allow.",
        answer is { IsChosen: true } chosen
            ? VersionAdvice.ForSpoken(effective.Versions, chosen.Version, effective.VersionWithoutSuites)
            : VersionAdvice.ForRefusal(effective.Versions, effective.VersionWithoutSuites),
        exception);

    private TlsHandshakeException NotTls(string targetHost, Exception exception) =>
        Create(
            DiagnosticCodes.NotTls, targetHost, "the answer is not TLS.",
            "the port speaks plain text (HTTP?) or belongs to another service", inner: exception);

    private string? WhyClosed => identity.DateProblem
        ?? (identity.Missing is { } missing
            ? $"the server closes without a reason; if it requires a client certificate: {missing}"
            : null);

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    /// <summary>OpenSSL's reason; 0 if the exception is not OpenSSL's.</summary>
    private static int Reason(Exception innermost) =>
        (innermost.HResult & LibraryMask) == SslLibrary ? innermost.HResult & ReasonMask : 0;

    private static int? Alert(Exception innermost) =>
        Reason(innermost) - FirstAlertReason is var alert and >= 0 and <= LastAlert ? alert : null;

    // The platform inspects the frame before OpenSSL does, and throws without an error code.
    private static bool IsFrameError(Exception exception) =>
        exception.Message.Contains("frame", StringComparison.OrdinalIgnoreCase);
}
