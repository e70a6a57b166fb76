using System.Net.Security;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Resources;

/// <summary>
/// The two sample bindings of the gateway's documentation. It shows them with the PEM text commented out, which is how
/// they are first copied.
/// </summary>
public class GatewaySampleTests
{
    private const string CommentedKey = "# -----BEGIN PRIVATE KEY-----\n# insert certificate key\n# -----END PRIVATE KEY-----";
    private const string CommentedCrt = "# -----BEGIN CERTIFICATE-----\n# insert certificate\n# -----END CERTIFICATE-----";

    [Fact]
    public async Task OneWay_WithRealPem_SkipsValidationAndPresentsNothing()
    {
        var set = TlsPolicyFile.Parse(OneWay(Pki.Client.KeyPem(), Pki.Client.ChainPem(Pki.Intermediate.Certificate)), "one-way.yaml");

        Assert.Equal(["W:FTLS2001", "W:FTLS2002"], set.Diagnostics.Codes());
        var binding = Assert.Single(set.Bindings);
        Assert.Equal(("tls-outbound", "default", "ingress-test-outbound-upstream", "default"), (binding.Name, binding.Namespace, binding.TargetName, binding.TargetNamespace));
        Assert.Equal(("one-way.yaml", 1), (binding.FileName, binding.Line));
        Assert.Equal(OutboundTlsPolicy.Default.CipherSuites, binding.Policy.CipherSuites);
        Assert.Equal(OutboundTlsPolicy.Default.Versions, binding.Policy.Versions);
        Assert.Equal(["h2", "http/1.1"], binding.Policy.Alpn);

        var seen = await ConnectAsync(binding.Policy, new LoopbackServerOptions(TestCA.Root("CN=Unknown").IssueServer("other.example")) { AsksForClientCertificate = true });
        Assert.Null(seen.ClientCertificate);
    }

    [Fact]
    public async Task MutualTls_WithRealPem_DoesAllThatItsParametersSay()
    {
        var set = TlsPolicyFile.Parse(MutualTls(Pki.Root.Pem, Pki.Client.KeyPem(), Pki.Client.ChainPem(Pki.Intermediate.Certificate)), "mtls.yaml");

        // None of the listed suites is for TLS 1.1, so the range that is written is not the range that is offered.
        Assert.Equal(["W:FTLS2009"], set.Diagnostics.Codes());
        var policy = Assert.Single(set.Bindings).Policy;
        Assert.Equal(new TlsVersionRange(TlsVersion.Tls12, TlsVersion.Tls13), policy.Versions);
        Assert.Equal([.. CipherSuiteCatalog.Tls13, .. CipherSuiteCatalog.Tls12Defaults], policy.CipherSuites);
        Assert.Equal(["http/1.1", "h2"], policy.Alpn);

        var seen = await ConnectAsync(policy, new LoopbackServerOptions(Pki.EcServer)
        {
            RequiresClientCertificate = true,
            Alpn = [SslApplicationProtocol.Http11, SslApplicationProtocol.Http2],
        });
        Assert.Equal("CN=client", seen.ClientCertificate);
        Assert.Equal("http/1.1", seen.Alpn);
    }

    [Fact]
    public void OneWay_WithThePemCommentedOut_PointsAtTheCommentLines()
    {
        Assert.False(TlsPolicyFile.TryParse(OneWay(CommentedKey, CommentedCrt), "one-way.yaml", out var set));

        Assert.Empty(set.Bindings);
        Assert.Equal(["one-way.yaml(15,9): error FTLS3002", "one-way.yaml(19,9): error FTLS3002"], Errors(set));
    }

    [Fact]
    public void MutualTls_WithThePemCommentedOut_PointsAtTheCommentLines()
    {
        Assert.False(TlsPolicyFile.TryParse(MutualTls(CommentedCrt, CommentedKey, CommentedCrt), "mtls.yaml", out var set));

        Assert.Equal(["mtls.yaml(14,7): error FTLS3002", "mtls.yaml(19,9): error FTLS3002", "mtls.yaml(23,9): error FTLS3002"], Errors(set));
    }

    private static IEnumerable<string> Errors(TlsPolicySet set) => set.Diagnostics
        .Where(d => d.Severity == TlsPolicyDiagnosticSeverity.Error)
        .Select(d => d.ToString()[..d.ToString().IndexOf(": spec", StringComparison.Ordinal)]);

    private static async Task<ServerObservation> ConnectAsync(OutboundTlsPolicy policy, LoopbackServerOptions options)
    {
        var context = new TlsContextFactory().Create(policy);
        await using var server = LoopbackServer.Start(options);
        await using var stream = await context.ConnectAsync(server.EndPoint(), Deadline.Token());
        await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());
        return await server.NextAsync(Deadline.Token());
    }

    private static string OneWay(string key, string crt) => $"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: tls-outbound
        spec:
          targetRef:
            kind: Service
            name: ingress-test-outbound-upstream
          policyRef:
            name: tls-outbound
          config:
            skipValidation: true
            certificate:
              key: |
        {key.Indented(8)}
              crt: |
        {crt.Indented(8)}
        """;

    private static string MutualTls(string trustedCA, string key, string crt) => $"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: mtls-outbound
        spec:
          targetRef:
            kind: Service
            name: ingress-test-outbound-upstream
          policyRef:
            name: tls-outbound
          config:
            skipValidation: false
            trustedCA: |
        {trustedCA.Indented(6)}
            certificate:
              key: |
        {key.Indented(8)}
              crt: |
        {crt.Indented(8)}
            alpn:
              - http/1.1
              - h2
            minversion: "1.1"
            maxversion: "1.3"
            ciphers:
              - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
              - TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
              - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
              - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
              - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
              - TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
        """;
}
