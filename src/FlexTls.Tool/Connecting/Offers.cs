namespace FlexTls;

/// <summary>Policies for looks at servers: they trust nobody and present nothing.</summary>
internal static class Offers
{
    /// <summary>What a policy offers, without its validation.</summary>
    public static OutboundTlsPolicy Unvalidated(OutboundTlsPolicy policy) => Of(
        policy.Versions.Min, policy.Versions.Max, [.. policy.CipherSuites.Where(suite => !suite.IsTls13)], policy.Alpn);

    /// <summary>An offer.</summary>
    /// <param name="min">The lowest version.</param>
    /// <param name="max">The highest version.</param>
    /// <param name="suites">The suites below TLS 1.3; empty: the defaults.</param>
    /// <param name="alpn">The application protocols.</param>
    public static OutboundTlsPolicy Of(
        TlsVersion min, TlsVersion max, IReadOnlyList<CipherSuiteInfo> suites, IReadOnlyList<string> alpn) =>
        OutboundTlsPolicy.Create(new OutboundTlsOptions
        {
            DangerousSkipValidation = true,
            MinVersion = min,
            MaxVersion = max,
            Ciphers = [.. suites.Select(suite => suite.Suite)],
            Alpn = [.. alpn],
        });
}
