using System.Net.Security;
using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>A row of the <see cref="CipherSuiteCatalog"/>.</summary>
public sealed class CipherSuiteInfo
{
    internal CipherSuiteInfo(
        TlsCipherSuite suite, string openSslName, TlsVersion minVersion, TlsVersion maxVersion,
        CipherSuiteAdvice advice, int defaultOrder = 0)
    {
        Suite = suite;
        Name = suite.ToString();
        OpenSslName = openSslName;
        Versions = new TlsVersionRange(minVersion, maxVersion);
        Advice = advice;
        DefaultOrder = defaultOrder;
    }

    /// <summary>The suite as the platform names it; its value is the IANA code point.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<TlsCipherSuite>))]
    public TlsCipherSuite Suite { get; }

    /// <summary>The IANA name, the only spelling that a policy accepts.</summary>
    public string Name { get; }

    /// <summary>The name that OpenSSL uses, for messages and for reading other tools' reports.</summary>
    public string OpenSslName { get; }

    /// <summary>The TLS versions that can use the suite.</summary>
    public TlsVersionRange Versions { get; }

    /// <summary>The advice of the gateway's cipher table.</summary>
    public CipherSuiteAdvice Advice { get; }

    /// <summary>Whether a policy without <c>ciphers</c> offers it.</summary>
    public bool IsDefault => DefaultOrder > 0 || IsTls13;

    /// <summary>The place among the TLS 1.2 defaults, 1 to 6; 0 for every other suite.</summary>
    internal int DefaultOrder { get; }

    /// <summary>Whether it is a TLS 1.3 suite: offered whenever TLS 1.3 is in range, and never otherwise.</summary>
    public bool IsTls13 => Versions.Min == TlsVersion.Tls13;

    /// <summary>
    /// Whether it needs a pre-shared key, which a policy cannot carry, so that it can never be negotiated.
    /// </summary>
    public bool NeedsPreSharedKey => Name.Contains("_PSK_", StringComparison.Ordinal);

    /// <summary>
    /// Whether a client offers groups for its key exchange: in TLS 1.2 OpenSSL does so for elliptic curves only.
    /// </summary>
    internal bool UsesGroups => IsTls13 || Name.Contains("_ECDHE_", StringComparison.Ordinal);

    /// <summary>The IANA name.</summary>
    /// <returns>The IANA name.</returns>
    public override string ToString() => Name;
}
