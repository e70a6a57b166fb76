using FlexTls.Support;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>A container without ca-certificates trusts nobody; whoever starts it learns that before the first request does.</summary>
public class SystemTrustTests
{
    private const string Variable = "FLEXTLS_TEST_NO_ROOTS";
    private const string Alone = "policy: the operating system's trust store has no certificates, so no server is accepted; "
        + "install them (ca-certificates in most containers), or list the CAs in trustedCA.";

    [Fact]
    public async Task AnEmptyStore_IsAWarning_WhereItIsTrusted()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            var both = new OutboundTlsOptions { TrustedCA = Pki.Root.Pem, Extensions = new() { TrustSystemCA = true } };
            Assert.Equal(Alone, Warning(new()));
            Assert.Contains("so only trustedCA counts", Warning(both), StringComparison.Ordinal);
            Assert.Null(Warning(Pki.Trusting()));
            Assert.Null(Warning(new() { DangerousSkipValidation = true }));
            return;
        }

        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only OpenSSL takes its store from the environment.");
        var folder = Directory.CreateTempSubdirectory("flextls-");
        try
        {
            await ChildProcess.RunAsync(typeof(SystemTrustTests), nameof(AnEmptyStore_IsAWarning_WhereItIsTrusted),
                ("SSL_CERT_FILE", Path.Combine(folder.FullName, "none.pem")), ("SSL_CERT_DIR", folder.FullName),
                ("HOME", folder.FullName), (Variable, "1"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? Warning(OutboundTlsOptions options)
    {
        var log = new RecordingLogger();
        var context = new TlsContextFactory(null, log).Create(OutboundTlsPolicy.Create(options));
        var warning = context.Diagnostics.SingleOrDefault(diagnostic => diagnostic.Code == "FTLS4007")?.Message;
        Assert.Equal(warning is null, !log.Warnings.Any(line => line.Contains("FTLS4007", StringComparison.Ordinal)));
        return warning;
    }
}
