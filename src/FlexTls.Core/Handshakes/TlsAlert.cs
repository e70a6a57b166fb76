namespace FlexTls;

/// <summary>Describes the TLS alerts (RFC 8446, section 6; RFC 5246, section 7.2) and their usual causes.</summary>
internal static class TlsAlert
{
    private const int HandshakeFailure = 40;
    private const int BadCertificate = 42;
    private const int UnsupportedCertificate = 43;
    private const int CertificateRevoked = 44;
    private const int CertificateExpired = 45;
    private const int CertificateUnknown = 46;
    private const int UnknownCA = 48;
    private const int AccessDenied = 49;
    private const int DecryptError = 51;
    private const int ProtocolVersion = 70;
    private const int InsufficientSecurity = 71;
    private const int InternalError = 80;
    private const int UnrecognizedName = 112;
    private const int CertificateRequired = 116;
    private const int NoApplicationProtocol = 120;

    public static string Name(int alert) => alert switch
    {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        22 => "record_overflow",
        40 => "handshake_failure",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        100 => "no_renegotiation",
        109 => "missing_extension",
        110 => "unsupported_extension",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        115 => "unknown_psk_identity",
        116 => "certificate_required",
        120 => "no_application_protocol",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"alert {alert}"),
    };

    /// <summary>The likely fix; <see langword="null"/> if the alert does not suggest one.</summary>
    /// <param name="alert">The number of the alert.</param>
    /// <param name="answer">The version in the alert's record; <see langword="null"/>: unknown.</param>
    /// <param name="effective">The offer.</param>
    /// <param name="identity">The client certificate that was presented.</param>
    public static string? Hint(
        int alert, FirstAnswer? answer, EffectiveTlsSettings effective, PresentedIdentity identity) => alert switch
        {
            // A server that finds no suite has already chosen a version.
            HandshakeFailure or InsufficientSecurity when answer is { } old && old.IsBefore(effective.MinVersion) =>
                VersionAdvice.ForSpoken(effective.Versions, old.Version, effective.VersionWithoutSuites),
            HandshakeFailure or InsufficientSecurity when identity.Missing is { } missing =>
                $"{CommonGround.MissingIn(effective)}, or it requires a client certificate and {missing}",
            HandshakeFailure or InsufficientSecurity => identity.DateProblem is { } problem
                ? $"{problem}; or {CommonGround.MissingIn(effective)}"
                : $"{CommonGround.MissingIn(effective)}, or it refuses {identity.Shown}",
            BadCertificate or CertificateRequired when identity.Missing is { } missing =>
                $"the server requires a client certificate and {missing}",
            >= BadCertificate and <= CertificateUnknown or UnknownCA or AccessDenied or DecryptError
                when identity.Missing is null =>
                identity.DateProblem ?? OfCertificate(alert, identity.Shown),
            ProtocolVersion => VersionAdvice.ForRefusal(effective.Versions, effective.VersionWithoutSuites),
            // At OpenSSL's default security level, a TLS 1.1 server has no usable signature algorithm.
            InternalError when effective.MaxVersion < TlsVersion.Tls12 =>
                "the server has TLS 1.1 switched off (by the security level of its TLS library): raise maxversion",
            UnrecognizedName => "the server does not know the server name it was sent (SNI)",
            NoApplicationProtocol =>
                $"the server speaks none of the application protocols {effective.AlpnShown}: change alpn",
            _ => null,
        };

    private static string OfCertificate(int alert, string certificate) => alert switch
    {
        UnsupportedCertificate => $"the server does not accept the kind of {certificate}: "
            + "look at its key, its key usage (digitalSignature) and its extended key usage (clientAuth)",
        CertificateRevoked => $"the server considers {certificate} revoked: renew it",
        CertificateExpired => $"the server considers {certificate} expired: compare the clocks",
        _ => $"the server refuses {certificate}: "
            + "check whether it trusts the CA that issued it, and whether crt has the intermediates",
    };
}
