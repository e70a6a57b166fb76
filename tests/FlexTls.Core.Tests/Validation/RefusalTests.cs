using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

/// <summary>Every kind of bad server certificate is refused with a code of its own, through both ways in, by real handshakes.</summary>
public class RefusalTests
{
    // A weak key needs a server that may use it.
    private static readonly TlsCipherSuite[] RsaSuites = [TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256];

    private static readonly TestCA ForeignIntermediate = Pki.Foreign.Intermediate("CN=Foreign Intermediate");

    private static readonly Dictionary<string, Case> AllCases = new()
    {
        ["foreign CA"] = new("FTLS5002", ForeignIntermediate.IssueServer(Pki.Host)) { Sent = [ForeignIntermediate.Certificate] },
        ["foreign CA that sends nothing but the server's certificate"] = new("FTLS5003", Pki.Foreign.IssueServer(Pki.Host)),
        ["self-signed"] = new("FTLS5002", SelfSigned()),
        ["renewed CA with the same name"] = new("FTLS5002", TestCA.Root().IssueServer(Pki.Host)),
        ["missing intermediate"] = new("FTLS5003", Pki.Intermediate.IssueServer(Pki.Host)),
        ["expired"] = new("FTLS5004", Issue(new() { NotAfter = DateTimeOffset.UtcNow.AddMinutes(-5) })),
        ["not yet valid"] = new("FTLS5005", Issue(new() { NotBefore = DateTimeOffset.UtcNow.AddMinutes(5) })),
        ["clientAuth only"] = new("FTLS5006", Issue(new() { Usages = [CertificateRequestOptions.ClientAuth] })),
        ["RSA 1024"] = new("FTLS5012", Issue(new() { Key = KeyKind.Rsa1024 })) { Suites = RsaSuites },
        ["no SAN"] = new("FTLS5020", Pki.Root.Issue("CN=somebody", new())),
        ["CN only"] = new("FTLS5025", Pki.Root.Issue($"CN={Pki.Host}", new())),
        ["wrong name"] = new("FTLS5021", Pki.Root.IssueServer("billing.example")),
        ["address as dNSName"] = new("FTLS5022", Pki.Root.IssueServer("127.0.0.1")) { Host = "127.0.0.1" },
        ["name for an address"] = new("FTLS5021", Pki.Root.IssueServer("localhost")) { Host = "127.0.0.1" },
        ["wildcard over a top-level domain"] = new("FTLS5023", Pki.Root.IssueServer("*.internal")) { Host = "orders.internal" },
        ["wildcard for two labels"] = new("FTLS5021", Pki.Root.IssueServer("*.example.com")) { Host = "a.b.example.com" },
    };

    [Theory]
    [InlineData("SHA1")]
    [InlineData("MD5")]
    [InlineData("PSS")]
    public void ACertificateSignedWithABrokenHash_IsRefused(string hash)
    {
        using var root = TestCA.Root("CN=RSA Root", KeyKind.Rsa2048);
        var context = Pki.Context(Pki.Trusting(root));
        var certificate = root.Issue("CN=server", new CertificateRequestOptions { DnsNames = [Pki.Host], BrokenHash = new HashAlgorithmName(hash) });

        Assert.Contains("FTLS5014", context.ValidateServerCertificate(certificate, [], Pki.Host).Failures.Select(failure => failure.Code));
    }

    [Fact]
    public void AnAnchorThatIsNoCA_VouchesForItselfAndForNothingThatItSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=not a CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Pki.Host);
        request.CertificateExtensions.Add(names.Build());
        using var anchor = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var context = Pki.Context(new OutboundTlsOptions { TrustedCA = anchor.ExportCertificatePem() });
        using var issuer = TestCA.Over(anchor);
        var issued = issuer.IssueServer(Pki.Host);

        Assert.Equal(["I:FTLS3014"], context.Policy.Diagnostics.Codes());
        Assert.True(context.ValidateServerCertificate(anchor, [], Pki.Host).IsValid);
        var failure = Assert.Single(context.ValidateServerCertificate(issued, [], Pki.Host).Failures);
        Assert.Equal("FTLS5002", failure.Code);
        Assert.Empty(context.CreateClientOptions(Pki.Host).CertificateChainPolicy!.CustomTrustStore);
    }

    public static TheoryData<string> Cases => [.. AllCases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AuthenticateAsClientAsync_RefusesWithItsCode_AndTheServerGetsAnAlert(string name)
    {
        var context = Pki.Context(Pki.Trusting(), "orders");
        await using var server = Start(AllCases[name]);

        var refused = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await context.AuthenticateAsClientAsync(await Loopback.ConnectAsync(server.Port, Deadline.Token()), AllCases[name].Host, cancellationToken: Deadline.Token()));

        AssertRefusal(refused, AllCases[name].Code, AllCases[name].Host);
        var seen = await server.NextAsync(Deadline.Token());
        Assert.True(seen.ClosedUnused || seen.Error is not null);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task CreateClientOptions_InAPlainSslStream_RefusesWithItsCode(string name)
    {
        var context = Pki.Context(Pki.Trusting(), "orders");
        await using var server = Start(AllCases[name]);
        await using var stream = new SslStream(await Loopback.ConnectAsync(server.Port, Deadline.Token()));

        var refused = await ForeignHandshake.RefusalOfAsync(() =>
            stream.AuthenticateAsClientAsync(context.CreateClientOptions(AllCases[name].Host), Deadline.Token()));

        AssertRefusal(refused, AllCases[name].Code, AllCases[name].Host);
        await Assert.ThrowsAnyAsync<Exception>(async () => await stream.WriteAsync("secret"u8.ToArray(), Deadline.Token()));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task OpenSslServer_RefusesWithItsCode(string name)
    {
        ExternalTool.RequireOpenSsl();
        var certificate = AllCases[name].Certificate;
        var context = Pki.Context(Pki.Trusting(), "orders");
        await using var server = await OpenSslServer.StartAsync(certificate.ChainPem([.. AllCases[name].Sent]), certificate.KeyPem(), null,
            ["-cipher", "ALL:@SECLEVEL=0"], Deadline.Token());

        var refused = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await context.AuthenticateAsClientAsync(await Loopback.ConnectAsync(server.Port, Deadline.Token()), AllCases[name].Host, cancellationToken: Deadline.Token()));

        AssertRefusal(refused, AllCases[name].Code, AllCases[name].Host);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ValidateServerCertificate_GivesTheSameVerdict(string name)
    {
        var context = Pki.Context(Pki.Trusting());

        var result = context.ValidateServerCertificate(AllCases[name].Certificate, AllCases[name].Sent, AllCases[name].Host);

        Assert.False(result.IsValid);
        Assert.Equal(AllCases[name].Code, result.Failures[0].Code);
    }

    [Fact]
    public async Task SkipValidation_AcceptsEachOfThem()
    {
        var context = Pki.Context(new OutboundTlsOptions { DangerousSkipValidation = true });
        foreach (var (name, refused) in AllCases)
        {
            await using var server = Start(refused);
            await using var stream = await context.AuthenticateAsClientAsync(await Loopback.ConnectAsync(server.Port, Deadline.Token()), refused.Host, cancellationToken: Deadline.Token());
            Assert.True(stream.IsAuthenticated, name);
        }
    }

    private static void AssertRefusal(TlsHandshakeException refused, string code, string host)
    {
        Assert.Equal(code, refused.Code);
        Assert.Equal("orders", refused.Upstream);
        Assert.Equal(host, refused.TargetHost);
        Assert.Contains(code, refused.Message, StringComparison.Ordinal);
        Assert.Contains("orders", refused.Message, StringComparison.Ordinal);
        var failure = Assert.Single(refused.ServerCertificate!.Failures);
        Assert.NotNull(failure.Presented);
        Assert.IsAssignableFrom<AuthenticationException>(refused);
    }

    private static LoopbackServer Start(Case refused) => LoopbackServer.Start(
        new LoopbackServerOptions(refused.Certificate) { Intermediates = refused.Sent, CipherSuites = refused.Suites });

    private static X509Certificate2 SelfSigned()
    {
        var request = new CertificateRequest($"CN={Pki.Host}", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Pki.Host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Issue(CertificateRequestOptions options) => Pki.Root.Issue($"CN={Pki.Host}", options with { DnsNames = [Pki.Host] });

    private sealed record Case(string Code, X509Certificate2 Certificate)
    {
        public TlsCipherSuite[] Suites { get; init; } = [];

        public X509Certificate2Collection Sent { get; init; } = [];

        public string Host { get; init; } = Pki.Host;
    }
}
