using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>What a policy asks for beyond a Flex Gateway's, against real servers: expected names, the system's CAs, pinned keys.</summary>
public class ExtensionHandshakeTests
{
    private const string SpiffeId = "spiffe://example.org/ns/orders/sa/api";
    private const string SystemServer = "FLEXTLS_TEST_SYSTEM_SERVER";
    private static readonly X509Certificate2 Server = Pki.Intermediate.IssueServer(Pki.Host);
    private static readonly X509Certificate2 Workload = Pki.Root.Issue("", new()
    {
        Extensions = [AlternativeNames(isCritical: true, CertificateNameEncoding.Uri(SpiffeId), Dns("a.example"), Dns("*.b.example"), Address("10.1.2.3"))],
    });

    [Theory]
    [InlineData("URI", SpiffeId)]
    [InlineData("DNS", "a.example")]
    [InlineData("DNS", "A.example.")]
    [InlineData("DNS", "x.b.example")]
    [InlineData("IP", "10.1.2.3")]
    public async Task AnExpectedName_TakesThePlaceOfTheHost(string type, string value) =>
        await Verdict.IsAcceptedInAHandshake(Expecting(("DNS", "other.example"), (type, value)), Workload);

    [Theory]
    [InlineData("URI", "spiffe://example.org/ns/orders/sa/API")]
    [InlineData("URI", SpiffeId + "/")]
    [InlineData("URI", "spiffe://example.org/ns/orders")]
    [InlineData("DNS", "b.example")]
    [InlineData("DNS", "example.org")]
    [InlineData("IP", "10.1.2.4")]
    [InlineData("IP", "::ffff:10.1.2.3")]
    public async Task AnotherName_IsRefused(string type, string value)
    {
        await Verdict.IsRefusedInAHandshake("FTLS5026", Expecting((type, value)), Workload);

        // The host is one name among others then, and not expected.
        await Verdict.IsRefusedInAHandshake("FTLS5026", Expecting((type, value)), Pki.EcServer);
    }

    [Fact]
    public async Task AnExpectedName_IsNoTrust() =>
        await Verdict.IsRefusedInAHandshake("FTLS5003", Expecting(("URI", SpiffeId)), Pki.Foreign.Issue("CN=a", new() { Extensions = [AlternativeNames(CertificateNameEncoding.Uri(SpiffeId))] }));

    [Fact]
    public async Task TheSystemsCAs_StandBesideThePolicysOwn()
    {
        await Verdict.IsAcceptedInAHandshake(TrustingSystemToo(), Server, Pki.Intermediate.Certificate);
        await Verdict.IsAcceptedInAHandshake(TrustingSystemToo(), Pki.EcServer);
        await Verdict.IsRefusedInAHandshake("FTLS5003", TrustingSystemToo(), Pki.Foreign.IssueServer(Pki.Host));
        await Verdict.IsRefusedInAHandshake("FTLS5002", TrustingSystemToo(), Pki.Foreign.IssueServer(Pki.Host), Pki.Foreign.Certificate);
        await Verdict.IsRefusedInAHandshake("FTLS5007", TrustingSystemToo(), CertificateParts.WithDamagedSignature(Pki.EcServer));
    }

    /// <summary>The system's own store cannot be changed from here; but on Linux a process may be told another one before it starts.</summary>
    [Fact]
    public async Task ARootOfTheSystem_IsTrusted_WhereThePolicySaysSo()
    {
        if (Environment.GetEnvironmentVariable(SystemServer) is { } pem)
        {
            await JudgeUnderASystemRoot(X509Certificate2.CreateFromPem(pem, pem));
            return;
        }

        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only OpenSSL takes its store from the environment.");
        var folder = System.IO.Directory.CreateTempSubdirectory("flextls-");
        try
        {
            using var root = TestCA.Root("CN=Root of the system");
            var server = root.IssueServer(Pki.Host);
            var store = Path.Combine(folder.FullName, "store.pem");
            await File.WriteAllTextAsync(store, root.Pem, Deadline.Token());
            await ChildProcess.RunAsync(typeof(ExtensionHandshakeTests), nameof(ARootOfTheSystem_IsTrusted_WhereThePolicySaysSo),
                ("SSL_CERT_FILE", store), ("SSL_CERT_DIR", folder.FullName), ("HOME", folder.FullName), (SystemServer, server.ExportCertificatePem() + '\n' + server.KeyPem()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AnyKeyOfThePath_MayBePinned(int place)
    {
        var pinned = ((X509Certificate2[])[Server, Pki.Intermediate.Certificate, Pki.Root.Certificate])[place];

        await Verdict.IsAcceptedInAHandshake(Pinning(pinned), Server, Pki.Intermediate.Certificate);
    }

    [Fact]
    public async Task AKeyThatIsNotOnTheVerifiedPath_IsNone()
    {
        using var unused = Pki.Root.Intermediate("CN=Unused");

        await Verdict.IsRefusedInAHandshake("FTLS5017", Pinning(Pki.EcServer), Server, Pki.Intermediate.Certificate);
        await Verdict.IsRefusedInAHandshake("FTLS5017", Pinning(unused.Certificate), Server, Pki.Intermediate.Certificate, unused.Certificate);

        // Above the anchor a certificate vouches for nothing, though it was sent.
        var options = Pinning(Pki.Root.Certificate);
        options.TrustedCA = Pki.Intermediate.Pem;
        await Verdict.IsRefusedInAHandshake("FTLS5017", options, Server, Pki.Intermediate.Certificate, Pki.Root.Certificate);
    }

    /// <summary>Without pins a path ends at the first anchor, and needs nothing above it.</summary>
    [Fact]
    public async Task ThePinnedKeyOfAnAnchorAboveAnother_IsFound()
    {
        using var lower = Pki.Intermediate.Intermediate("CN=Lower");
        var server = lower.IssueServer(Pki.Host);
        var all = $"{lower.Pem}\n{Pki.Intermediate.Pem}\n{Pki.Root.Pem}";
        foreach (var pinned in (X509Certificate2[])[server, lower.Certificate, Pki.Intermediate.Certificate, Pki.Root.Certificate])
        {
            var options = Pinning(pinned);
            options.TrustedCA = all;
            await Verdict.IsAcceptedInAHandshake(options, server, lower.Certificate, Pki.Intermediate.Certificate);
            await Verdict.IsAcceptedInAHandshake(options, server);
        }

        // One between two anchors counts, and is sent or is not known.
        var between = Pinning(Pki.Root.Certificate);
        between.TrustedCA = $"{lower.Pem}\n{Pki.Root.Pem}";
        await Verdict.IsAcceptedInAHandshake(between, server, Pki.Intermediate.Certificate);
        await Verdict.IsRefusedInAHandshake("FTLS5017", between, server);
    }

    /// <summary>The rules hold up to the anchor that counts.</summary>
    [Fact]
    public async Task AnAnchorAboveAnother_VouchesForNothingThatItsConstraintsForbid()
    {
        using var root = TestCA.Root("CN=Constrains", new AuthorityOptions { Extensions = [Constraints([Dns("billing.example")], [])] });
        using var intermediate = root.Intermediate();
        var options = Pinning(root.Certificate);
        options.TrustedCA = $"{root.Pem}\n{intermediate.Pem}";

        await Verdict.IsRefusedInAHandshake("FTLS5017", options, intermediate.IssueServer(Pki.Host), intermediate.Certificate);
    }

    [Fact]
    public async Task APathWithThePinnedKey_IsFoundBesideOneWithoutIt()
    {
        // Two ways up, of which the platform takes one.
        using var other = TestCA.Root("CN=Other Root");
        var crossed = other.CrossSign(Pki.Intermediate).Certificate;
        foreach (var root in (TestCA[])[Pki.Root, other])
        {
            var options = Pinning(root.Certificate);
            options.TrustedCA = $"{Pki.Root.Pem}\n{other.Pem}";
            await Verdict.IsAcceptedInAHandshake(options, Server, Pki.Intermediate.Certificate, crossed);
            await Verdict.IsAcceptedInAHandshake(options, Server, crossed, Pki.Intermediate.Certificate);
        }
    }

    [Fact]
    public async Task APinnedKey_IsNoTrust()
    {
        var foreign = Pki.Foreign.IssueServer(Pki.Host);
        var expired = Pki.Root.Issue("CN=expired", new() { DnsNames = [Pki.Host], NotAfter = DateTimeOffset.UtcNow.AddMinutes(-5) });

        await Verdict.IsRefusedInAHandshake("FTLS5003", Pinning(foreign), foreign);
        await Verdict.IsRefusedInAHandshake("FTLS5002", Pinning(Pki.Foreign.Certificate), foreign, Pki.Foreign.Certificate);
        await Verdict.IsRefusedInAHandshake("FTLS5004", Pinning(expired), expired);
        await Verdict.IsRefusedInAHandshake("FTLS5021", Pinning(Pki.Root.Certificate), Pki.Root.IssueServer("billing.example"));
    }

    private static async Task JudgeUnderASystemRoot(X509Certificate2 server)
    {
        await Verdict.IsAcceptedInAHandshake(new OutboundTlsOptions(), server);
        await Verdict.IsAcceptedInAHandshake(TrustingSystemToo(), server);
        await Verdict.IsAcceptedInAHandshake(TrustingSystemToo(), Pki.EcServer);
        await Verdict.IsRefusedInAHandshake("FTLS5002", Pki.Trusting(), server); // The platform finds the root, and it does not count.
        await Verdict.IsRefusedInAHandshake("FTLS5003", new OutboundTlsOptions(), Pki.EcServer);
        await Verdict.IsRefusedInAHandshake("FTLS5003", TrustingSystemToo(), Pki.Foreign.IssueServer(Pki.Host));
    }

    private static OutboundTlsOptions Expecting(params (string Type, string Value)[] names) =>
        With(new() { SubjectAltNames = [.. names.Select(name => new SubjectAltNameOptions { Type = name.Type, Value = name.Value })] });

    private static OutboundTlsOptions TrustingSystemToo() => With(new() { TrustSystemCA = true });

    private static OutboundTlsOptions Pinning(X509Certificate2 certificate) =>
        With(new() { Pins = new PinsOptions { SpkiSha256 = [Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()))] } });

    private static OutboundTlsOptions With(OutboundTlsExtensionOptions extensions)
    {
        var options = Pki.Trusting();
        options.Extensions = extensions;
        return options;
    }
}
