using System.Net.Security;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>Each suite of the catalog alone, in each version that it is for, by OpenSSL's report of what was negotiated.</summary>
public class EverySuiteTests
{
    public static TheoryData<string, string> Below13 => [.. CipherSuiteCatalog.All
        .Where(suite => !suite.IsTls13 && !suite.NeedsPreSharedKey)
        .SelectMany(suite => suite.Versions.Versions.Select(version => (suite.Name, version == TlsVersion.Tls11 ? "1.1" : "1.2")))];

    [Theory]
    [MemberData(nameof(Below13))]
    public async Task ASuiteAlone_IsNegotiated_OrReportedAsMissingOnThisMachine(string name, string version)
    {
        ExternalTool.RequireOpenSsl();
        Assert.True(CipherSuiteCatalog.TryFind(name, out var suite));
        var options = Pki.Trusting();
        (options.MinVersion, options.MaxVersion, options.Ciphers) =
            (Typed.Version(version), Typed.Version(version), Typed.Suites(name));
        var policy = OutboundTlsPolicy.Create(options);
        if (!PlatformCapabilities.Current.Offers(suite, policy.Versions))
        {
            // 3DES is left out of most builds of OpenSSL 3; the others are in all of them.
            Assert.Equal(TlsCipherSuite.TLS_RSA_WITH_3DES_EDE_CBC_SHA, suite.Suite);
            Assert.Equal(["W:FTLS4001", "E:FTLS4002"], Assert.Throws<TlsPolicyException>(() => new TlsContextFactory().Create(policy)).Diagnostics.Codes());
            return;
        }

        var context = new TlsContextFactory().Create(policy);
        var certificate = name.Contains("_ECDSA_", StringComparison.Ordinal) ? Pki.EcServer : Pki.RsaServer;
        await using var server = await OpenSslServer.StartAsync(
            certificate.ExportCertificatePem(), certificate.KeyPem(), null, ["-min_protocol", "TLSv1.1", "-cipher", "ALL:@SECLEVEL=0"], Deadline.Token());

        await using var stream = await context.ConnectAsync(new("localhost", server.Port), Deadline.Token());

        var report = await server.NextAsync(Deadline.Token());
        Assert.Equal((version, suite.Suite), (report.Version, report.CipherSuite));
    }

    [Theory]
    [InlineData("TLS_AES_128_GCM_SHA256")]
    [InlineData("TLS_AES_256_GCM_SHA384")]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256")]
    public async Task ASuiteOfTls13_IsNegotiatedWithAServerThatHasNoOther(string name)
    {
        ExternalTool.RequireOpenSsl();
        var context = Pki.Context(Pki.Trusting());
        await using var server = await OpenSslServer.StartAsync(
            Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), null, ["-tls1_3", "-ciphersuites", name], Deadline.Token());

        await using var stream = await context.ConnectAsync(new("localhost", server.Port), Deadline.Token());

        var report = await server.NextAsync(Deadline.Token());
        Assert.Equal(("1.3", name), (report.Version, report.CipherSuite.ToString()));
    }
}
