using System.Net.Security;
using System.Security.Authentication;
using FlexTls.TestKit;

namespace QuickStart;

/// <summary>The six upstreams: servers as one meets them, and a policy that fits each.</summary>
internal static class SampleUpstreams
{
    public static List<Upstream> Create()
    {
        var ca = TestCA.Root("CN=Our CA");
        var client = ca.IssueClient("CN=gateway");
        var stranger = TestCA.Root("CN=Foreign Root").Intermediate("CN=Foreign CA");
        var good = new ServerOptions(ca.IssueServer("localhost"));
        var trustOurCA = $"""
            trustedCA: |
            {ca.Pem.Indented(2)}
            """;

        return
        [
            new("catalog", "speaks TLS 1.3",
                good with { Versions = SslProtocols.Tls13 },
                trustOurCA,
                Outcome.Connected("TLS 1.3", "TLS_AES_256_GCM_SHA384", "h2", "2")),

            new("payments", "requires a client certificate",
                good with { RequiresClientCertificate = true },
                $"""
                minversion: "1.3"
                alpn: [http/1.1]
                certificate:
                  key: |
                {client.KeyPem().Indented(4)}
                  crt: |
                {client.ChainPem().Indented(4)}
                {trustOurCA}
                """,
                Outcome.Connected("TLS 1.3", "TLS_AES_256_GCM_SHA384", "http/1.1", "1.1", client.Subject)),

            new("crm", "speaks TLS 1.2 only",
                good with { Versions = SslProtocols.Tls12 },
                $"""
                ciphers:
                  - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
                {trustOurCA}
                """,
                Outcome.Connected("TLS 1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "h2", "2")),

#pragma warning disable SYSLIB0039, CA5397 // TLS 1.1 is what this upstream is about.
            new("mainframe", "speaks TLS 1.1 only",
                good with { Versions = SslProtocols.Tls11, CipherSuites = [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA] },
#pragma warning restore SYSLIB0039, CA5397
                $"""
                minversion: "1.1"
                maxversion: "1.1"
                ciphers:
                  - TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
                {trustOurCA}
                """,
                Outcome.Connected("TLS 1.1", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "http/1.1", "1.1")),

            new("printer", "has a certificate without SAN",
                good with { Certificate = ca.Issue("CN=localhost", new CertificateRequestOptions()) },
                trustOurCA,
                Outcome.Refused("FTLS5025")),

            new("partner", "is certified by a foreign CA",
                good with { Certificate = stranger.IssueServer("localhost"), Intermediates = [stranger.Certificate] },
                trustOurCA,
                Outcome.Refused("FTLS5002")),
        ];
    }
}
