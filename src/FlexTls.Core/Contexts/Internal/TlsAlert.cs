namespace FlexTls.Contexts;

/// <summary>The TLS alerts (RFC 8446, section 6; RFC 5246, section 7.2) in words, with what usually causes them.</summary>
internal static class TlsAlert
{
    public const int HandshakeFailure = 40;
    public const int CertificateRequired = 116;
    public const int NoApplicationProtocol = 120;

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

    /// <summary>What would mend it, given what the context offers; <see langword="null"/> where the alert says nothing about that.</summary>
    public static string? Hint(int alert, EffectiveTlsSettings effective, string alpn, string? missingIdentity) => alert switch
    {
        HandshakeFailure or 71 when missingIdentity is not null =>
            $"the server has no cipher suite of the policy, or it requires a client certificate and {missingIdentity}",
        HandshakeFailure or 71 => "the server has no cipher suite of the policy, or refuses the client certificate",
        42 or 43 or 44 or 46 or 48 or 49 or 51 when missingIdentity is null && effective.ClientCertificate is not null =>
            $"the server refuses the client certificate '{effective.ClientCertificate}': does it trust the CA that issued it, and were the intermediates given in crt?",
        42 or CertificateRequired when missingIdentity is not null => $"the server requires a client certificate and {missingIdentity}",
        45 => "the server says that the client certificate has expired: renew it, or compare the clocks",
        70 => $"the server does not speak {new TlsVersionRange(effective.MinVersion, effective.MaxVersion)}: widen minversion or maxversion",
        112 => "the server does not know the server name it was sent (SNI)",
        NoApplicationProtocol => $"the server speaks none of the application protocols {alpn}: change alpn",
        _ => null,
    };
}
