using System.Security.Authentication;

namespace FlexTls;

/// <summary>The spellings of a TLS version: the policy's and the platform's.</summary>
internal static class TlsVersionExtensions
{
    /// <summary>The version as a policy writes it, such as <c>1.2</c>.</summary>
    public static string ToText(this TlsVersion version) => version switch
    {
        TlsVersion.Tls11 => "1.1",
        TlsVersion.Tls12 => "1.2",
        TlsVersion.Tls13 => "1.3",
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, null),
    };

    public static TlsVersion? Parse(string text) => text switch
    {
        "1.1" => TlsVersion.Tls11,
        "1.2" => TlsVersion.Tls12,
        "1.3" => TlsVersion.Tls13,
        _ => null,
    };

    /// <summary>The version of a connection that was made under a policy.</summary>
    public static TlsVersion Negotiated(SslProtocols protocol) =>
        Enum.GetValues<TlsVersion>().First(version => version.ToSslProtocol() == protocol);

    /// <summary>
    /// The platform's name; TLS 1.1 is obsolete there, and allowed here only if a policy lists suites for it.
    /// </summary>
    public static SslProtocols ToSslProtocol(this TlsVersion version) => version switch
    {
#pragma warning disable SYSLIB0039, CA5397 // The policy's author asked for TLS 1.1; a warning says what that means.
        TlsVersion.Tls11 => SslProtocols.Tls11,
#pragma warning restore SYSLIB0039, CA5397
        TlsVersion.Tls12 => SslProtocols.Tls12,
        TlsVersion.Tls13 => SslProtocols.Tls13,
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, null),
    };
}
