using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>A renewed client certificate that is not valid yet, or has expired, does not replace one that is valid.</summary>
public class RenewalTests
{
    [Fact]
    public async Task OneThatIsNotValidYet_StaysOut_AndIsPutInForceByItselfWhenItsTimeBegins()
    {
        await using var host = await StartAsync(validFor: 40);
        Renew(host, begins: 20, ends: 60);
        await host.Rotating.UntilDegradedAsync(DiagnosticCodes.RenewalNotYetValid, "orders");
        host.Clock.Advance(TimeSpan.FromDays(19));
        await host.ChangeOtherAsync(Config);
        Assert.Equal((1, "CN=first"), (host.Orders.Generation, await host.Rotating.NewWhoAsync()));

        host.Clock.Advance(TimeSpan.FromDays(2));

        await host.Rotating.UntilGenerationAsync(2);
        Assert.Equal("CN=renewed", await host.Rotating.NewWhoAsync());
        Assert.Single(host.Rotating.Errors);
    }

    [Fact]
    public async Task OneThatHasExpired_StaysOutForGood_AlsoWhenTheOneInForceExpires()
    {
        await using var host = await StartAsync(validFor: 40);
        Renew(host, begins: -20, ends: -10);
        await host.Rotating.UntilDegradedAsync(DiagnosticCodes.RenewalExpired, "orders");

        host.Clock.Advance(TimeSpan.FromDays(41));
        await host.ChangeOtherAsync(Config);

        Assert.Equal((1, UpstreamTlsState.Degraded), (host.Orders.Generation, host.Orders.State));
        Renew(host, begins: 30, ends: 60);
        await host.Rotating.UntilGenerationAsync(2);
    }

    [Fact]
    public async Task WhenTheOneInForceExpires_OneThatIsNotValidYetIsNoWorse()
    {
        await using var host = await StartAsync(validFor: 10);
        Renew(host, begins: 20, ends: 60);
        await host.Rotating.UntilDegradedAsync(DiagnosticCodes.RenewalNotYetValid, "orders");

        host.Clock.Advance(TimeSpan.FromDays(11));

        await host.Rotating.UntilGenerationAsync(2);
        Assert.Contains(host.Rotating.Log.Warnings, line => line.Contains(DiagnosticCodes.IdentityNotInDate, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnotherRenewal_ReplacesTheOneThatWaits()
    {
        await using var host = await StartAsync(validFor: 40);
        Renew(host, begins: 20, ends: 60);
        await host.Rotating.UntilDegradedAsync();

        Renew(host, begins: -1, ends: 50, "CN=better");

        await host.Rotating.UntilGenerationAsync(2);
        host.Clock.Advance(TimeSpan.FromDays(21));
        await host.ChangeOtherAsync(Config);
        Assert.Equal("CN=better", await host.Rotating.NewWhoAsync());
    }

    [Fact]
    public async Task OneThatNeverEnds_IsPutInForce_AndSoIsWhatFollowsIt()
    {
        await using var host = await StartAsync(validFor: 40);

        // RFC 5280, section 4.1.2.5: a certificate without a well-defined end.
        var forever = Forever("CN=forever");
        host.Clock.Hold(() => Write(host.Rotating, forever));
        await host.Rotating.UntilGenerationAsync(2);
        Assert.Equal("CN=forever", await host.Rotating.NewWhoAsync());

        Renew(host, begins: 20, ends: 60, "CN=next");
        await host.Rotating.UntilDegradedAsync(DiagnosticCodes.RenewalNotYetValid, "orders");
        host.Clock.Advance(TimeSpan.FromDays(21));
        await host.Rotating.UntilGenerationAsync(3);
    }

    [Fact]
    public async Task ReloadAsync_MakesNoException_AndTellsTheFault()
    {
        await using var host = await StartAsync(validFor: 40);
        Renew(host, begins: 20, ends: 60);

        var found = await host.Rotating.Manager.ReloadAsync(Deadline.Token());

        var fault = Assert.Single(found, fault => fault.Code == DiagnosticCodes.RenewalNotYetValid);
        Assert.Equal((TlsPolicyDiagnosticSeverity.Error, 9), (fault.Severity, fault.Line));
        Assert.StartsWith(
            "spec.config.certificate.crt (file:../orders.crt): "
                + "the renewed client certificate 'CN=renewed' is not valid ",
            fault.Message, StringComparison.Ordinal);
        Assert.Equal((1, UpstreamTlsState.Degraded), (host.Orders.Generation, host.Orders.State));
    }

    [Fact]
    public async Task WithoutWatching_ItsTimeBeginsToo_AndNothingElseIsRead()
    {
        await using var host = await StartAsync(validFor: 40, isWatched: false);
        Renew(host, begins: 20, ends: 60);
        await host.Rotating.Manager.ReloadAsync(Deadline.Token());
        Assert.Equal(1, host.Orders.Generation);
        host.Write("policies/new.yaml", PolicyYaml.Binding("new", "{}"));

        host.Clock.Advance(TimeSpan.FromDays(21));

        await host.Rotating.UntilGenerationAsync(2);
        Assert.Equal("CN=renewed", await host.Rotating.NewWhoAsync());
        Assert.False(host.Rotating.Contexts.TryGetContext("new", out _));
    }

    [Fact]
    public async Task AtTheFirstLoad_ThereIsAWarning()
    {
        await using var host = await StartAsync(validFor: 40, begins: 20);

        Assert.Equal(UpstreamTlsState.UpToDate, host.Orders.State);
        Assert.Contains(host.Rotating.Log.Warnings, line => line.Contains(DiagnosticCodes.IdentityNotInDate, StringComparison.Ordinal));
    }

    private const string Config = "certificate: { key: 'file:../orders.key', crt: 'file:../orders.crt' }\nskipValidation: false\ntrustedCA: 'file:../ca.pem'\n";

    private static Task<WaitingHost> StartAsync(int validFor, int begins = -1, bool isWatched = true) => WaitingHost.StartAsync(Config, host =>
    {
        host.Write("ca.pem", Pki.Root.Pem + "\n");
        Write(host, Certificate("CN=first", begins, validFor));
        host.Builder.Services.AddOutboundTls(tls => tls.ReloadOnChange = isWatched);
    });

    private static void Renew(WaitingHost host, int begins, int ends, string subject = "CN=renewed")
    {
        var renewed = Certificate(subject, begins, ends);
        host.Clock.Hold(() => Write(host.Rotating, renewed));
    }

    private static void Write(RotatingHost host, X509Certificate2 identity)
    {
        host.Write("orders.crt", identity.ExportCertificatePem() + "\n");
        host.Write("orders.key", identity.KeyPem() + "\n");
    }

    private static X509Certificate2 Forever(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));
    }

    /// <summary>A client certificate whose dates are days from now, by the machine's clock.</summary>
    private static X509Certificate2 Certificate(string subject, int begins, int ends) => Pki.Root.Issue(subject, new CertificateRequestOptions
    {
        Usages = [CertificateRequestOptions.ClientAuth],
        NotBefore = DateTimeOffset.UtcNow.AddDays(begins),
        NotAfter = DateTimeOffset.UtcNow.AddDays(ends),
    });
}
