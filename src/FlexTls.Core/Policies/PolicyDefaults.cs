namespace FlexTls;

/// <summary>The defaults of a policy. The default suites are in the catalog.</summary>
internal static class PolicyDefaults
{
    public const TlsVersion MinVersion = TlsVersion.Tls12;

    public const TlsVersion MaxVersion = TlsVersion.Tls13;

    public const string Http2 = "h2";

    public const string Http11 = "http/1.1";

    public static IReadOnlyList<string> Alpn { get; } = [Http2, Http11];

    public static TimeSpan DrainTimeout { get; } = TimeSpan.FromSeconds(30);
}
