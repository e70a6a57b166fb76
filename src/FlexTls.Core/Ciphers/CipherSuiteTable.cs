using System.Net.Security;
using static FlexTls.CipherSuiteAdvice;
using static FlexTls.TlsVersion;

namespace FlexTls;

/// <summary>Contains only the rows of the catalog.</summary>
internal static class CipherSuiteTable
{
    // IANA code point, OpenSSL's name, first and last version, advice, place among the TLS 1.2 defaults.
    public static readonly CipherSuiteInfo[] Rows =
    [
        new(TlsCipherSuite.TLS_AES_128_GCM_SHA256, "TLS_AES_128_GCM_SHA256", Tls13, Tls13, Secure),
        new(TlsCipherSuite.TLS_AES_256_GCM_SHA384, "TLS_AES_256_GCM_SHA384", Tls13, Tls13, Secure),
        new(TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, "TLS_CHACHA20_POLY1305_SHA256", Tls13, Tls13, Secure),
        new(
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "ECDHE-ECDSA-AES128-GCM-SHA256", Tls12, Tls12,
            Recommended, 1),
        new(
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "ECDHE-ECDSA-AES256-GCM-SHA384", Tls12, Tls12,
            Recommended, 5),
        new(
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-ECDSA-CHACHA20-POLY1305", Tls12, Tls12,
            Recommended, 2),
        new(
            TlsCipherSuite.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-PSK-CHACHA20-POLY1305", Tls12, Tls12,
            Recommended),
        new(
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE-RSA-AES128-GCM-SHA256", Tls12, Tls12, Secure,
            3),
        new(
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "ECDHE-RSA-AES256-GCM-SHA384", Tls12, Tls12, Secure,
            6),
        new(
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-RSA-CHACHA20-POLY1305", Tls12, Tls12,
            Secure, 4),
        new(TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256, "AES128-GCM-SHA256", Tls12, Tls12, Weak),
        new(TlsCipherSuite.TLS_RSA_WITH_AES_256_GCM_SHA384, "AES256-GCM-SHA384", Tls12, Tls12, Weak),
        new(TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA, "AES128-SHA", Tls11, Tls12, Weak),
        new(TlsCipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA, "AES256-SHA", Tls11, Tls12, Weak),
        new(TlsCipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA, "PSK-AES128-CBC-SHA", Tls11, Tls12, Weak),
        new(TlsCipherSuite.TLS_PSK_WITH_AES_256_CBC_SHA, "PSK-AES256-CBC-SHA", Tls11, Tls12, Weak),
        new(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, "ECDHE-ECDSA-AES128-SHA", Tls11, Tls12, Weak),
        new(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, "ECDHE-ECDSA-AES256-SHA", Tls11, Tls12, Weak),
        new(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, "ECDHE-RSA-AES128-SHA", Tls11, Tls12, Weak),
        new(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, "ECDHE-RSA-AES256-SHA", Tls11, Tls12, Weak),
        new(TlsCipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA, "ECDHE-PSK-AES128-CBC-SHA", Tls11, Tls12, Weak),
        new(TlsCipherSuite.TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA, "ECDHE-PSK-AES256-CBC-SHA", Tls11, Tls12, Weak),
        new(TlsCipherSuite.TLS_RSA_WITH_3DES_EDE_CBC_SHA, "DES-CBC3-SHA", Tls11, Tls11, Weak),
    ];
}
