namespace FlexTls;

/// <summary>
/// The client certificate that handshakes present, or the reason why they present none, worded for failure messages.
/// </summary>
internal sealed class PresentedIdentity
{
    private readonly CertificateDates? _certificate;
    private readonly TimeProvider _clock;

    private PresentedIdentity(CertificateDates? certificate, string? missing, TimeProvider clock) =>
        (_certificate, Missing, _clock) = (certificate, missing, clock);

    /// <summary>Why none is presented, as text after "and"; <see langword="null"/>: one is presented.</summary>
    public string? Missing { get; }

    /// <summary>The certificate in words.</summary>
    public string Shown =>
        _certificate is null ? "the client certificate" : $"the client certificate {Text.Quote(_certificate.Subject)}";

    /// <summary>The fault of its dates by the local clock, with the fix; <see langword="null"/>: none.</summary>
    public string? DateProblem => _certificate switch
    {
        { } dates when _clock.GetUtcNow() < dates.NotBefore =>
            $"{Shown} is not valid before {dates.NotBefore:u}: wait, or compare the clocks",
        { } dates when dates.HaveEnded(_clock.GetUtcNow()) =>
            $"{Shown} expired at {dates.NotAfter:u}: renew it",
        _ => null,
    };

    public static PresentedIdentity Of(OutboundTlsPolicy policy, LoadedIdentity? identity, TimeProvider clock) => new(
        identity is null ? null : CertificateDates.Of(identity.Leaf), WhyMissing(policy), clock);

    public static PresentedIdentity None(string reason, TimeProvider clock) => new(null, reason, clock);

    private static string? WhyMissing(OutboundTlsPolicy policy) => policy switch
    {
        { DangerousSkipValidation: true, HasClientCertificate: true } =>
            "the policy skips validation and so presents none",
        { HasClientCertificate: false } => "the policy has none",
        _ => null,
    };
}
