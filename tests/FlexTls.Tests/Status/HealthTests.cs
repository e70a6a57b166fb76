using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Status;

/// <summary>The health check: what is Healthy, what Degraded, what a failure, and what it says.</summary>
public class HealthTests
{
    [Fact]
    public async Task UpToDateUpstreams_AreHealthy_AndEachHasItsData()
    {
        await using var host = Host();

        var entry = await CheckAsync(host);

        Assert.Equal((HealthStatus.Healthy, "no problems found"), (entry.Status, entry.Description));
        Assert.Equal(["upstream 'orders'", "client 'orders'"], entry.Data.Keys);
        var orders = Assert.IsType<IReadOnlyDictionary<string, object>>(entry.Data["upstream 'orders'"], exactMatch: false);
        Assert.Equal(["firstExpiry", "generation", "state"], orders.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("UpToDate", 1), (orders["state"], orders["generation"]));
        Assert.Equal(host.Status.Upstreams[0].FirstExpiry!.NotAfter, orders["firstExpiry"]);
    }

    [Fact]
    public async Task WithoutUpstreams_IsHealthy_AndSaysSo()
    {
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(_ => { });
            services.AddLogging().AddHealthChecks().AddOutboundTls();
        });

        var report = await clients.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Deadline.Token());

        var entry = Assert.Single(report.Entries.Values);
        Assert.Equal((HealthStatus.Healthy, "no upstream is registered"), (entry.Status, entry.Description));
    }

    [Fact]
    public async Task ACertificateNearItsEnd_IsDegraded_WithinTheLongestThresholdThatCounts()
    {
        using var ca = TestCA.Root("CN=ends", notAfter: DateTimeOffset.UtcNow.AddDays(100));
        await using var host = Host(options => options.TrustedCA = ca.Pem);
        host.Clock.Advance(TimeSpan.FromDays(69));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
        host.Clock.Advance(TimeSpan.FromDays(2));

        var entry = await CheckAsync(host);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.StartsWith("upstream 'orders': trusted CA 'CN=ends' expires at ", entry.Description, StringComparison.Ordinal);
        Assert.EndsWith(", in 28 days", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExpiredTrustedCA_IsDegraded_BecauseOthersMayStillServe()
    {
        using var ca = TestCA.Root("CN=ends", notAfter: DateTimeOffset.UtcNow.AddDays(-1));
        await using var host = Host(options => options.TrustedCA = ca.Pem + "\n" + Pki.Root.Pem);

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(host)).Status);
    }

    [Theory]
    [InlineData(true, null, HealthStatus.Unhealthy)]
    [InlineData(false, null, HealthStatus.Unhealthy)]
    [InlineData(true, HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task AnExpiredIdentity_IsAFailure(bool isLeaf, HealthStatus? failureStatus, HealthStatus expected)
    {
        var (soon, late) = (DateTimeOffset.UtcNow.AddDays(2), DateTimeOffset.UtcNow.AddDays(90));
        using var between = Pki.Root.Intermediate("CN=between", new AuthorityOptions { NotAfter = isLeaf ? late : soon });
        using var leaf = between.Issue("CN=leaf", new CertificateRequestOptions { Usages = [CertificateRequestOptions.ClientAuth], NotAfter = isLeaf ? soon : late });
        await using var host = Host(options => options.Certificate = new CertificateOptions { Key = leaf.KeyPem(), Crt = leaf.ChainPem(between.Certificate) }, failureStatus);
        host.Clock.Advance(TimeSpan.FromDays(3));
        host.Degrade();

        var entry = await CheckAsync(host);

        Assert.Equal(expected, entry.Status);
        Assert.Contains($"'{(isLeaf ? "CN=leaf" : "CN=between")}' expired at", entry.Description, StringComparison.Ordinal);
        Assert.Contains("next.yaml(3,1): error FTLS1001: no good", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUpstreamWhoseReloadFails_IsDegraded_UntilItIsHealed()
    {
        await using var host = Host();
        host.Degrade();

        var entry = await CheckAsync(host);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("upstream 'orders': generation 1 stays in force; its source has been unusable since ", entry.Description, StringComparison.Ordinal);
        Assert.Equal("Degraded", ((IReadOnlyDictionary<string, object>)entry.Data["upstream 'orders'"])["state"]);
        host.Orders.Heal(host.Orders.Source);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
    }

    /// <summary>Findings are sentences, and the description is one that has them as parts.</summary>
    [Fact]
    public async Task TheDescription_HasNoFullStopsWithinIt()
    {
        await using var host = Host();
        TlsPolicyDiagnostic Fault(string code, string message) => new(code, TlsPolicyDiagnosticSeverity.Error, message, "next.yaml", 3, 1);
        host.Orders.Degrade(
            [Fault("FTLS3008", "key does not belong to 'CN=a'."), Fault("FTLS2007", "no version.")],
            host.Clock.GetUtcNow());
        host.Orders.RefusedClients.Note("orders", [Fault("FTLS7007", "no HTTP.")]);

        var entry = await CheckAsync(host);

        Assert.EndsWith(
            ": next.yaml(3,1): error FTLS3008: key does not belong to 'CN=a', next.yaml(3,1): error FTLS2007: no version; "
            + $"upstream 'orders': requests have been refused since {host.Clock.GetUtcNow():u}: next.yaml(3,1): error FTLS7007: no HTTP",
            entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUpstreamThatBecameWeaker_IsDegraded_UntilSomebodyConfirmsIt()
    {
        await using var host = Host();
        host.Weaken();

        var entry = await CheckAsync(host);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("upstream 'orders': generation 2 is weaker than the last confirmed one: "
            + "allowPlainHttp is on: requests without TLS are sent",
            entry.Description, StringComparison.Ordinal);
        var data = (IReadOnlyDictionary<string, object>)entry.Data["upstream 'orders'"];
        Assert.Equal("Weakened", data["state"]);
        Assert.Equal(host.Clock.GetUtcNow(), data["weakenedSince"]);
        Assert.Equal((string[])["allowPlainHttp is on: requests without TLS are sent"], data["weakenedBecause"]);
        host.Orders.Confirm();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
    }

    [Fact]
    public async Task PoliciesThatCannotBeUsed_AreAFailureWithTheReason_NotAnException()
    {
        await using var host = Host(options => options.MinVersion = (TlsVersion)14);

        var entry = await CheckAsync(host);

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("error FTLS2007", entry.Description, StringComparison.Ordinal);
        Assert.IsType<TlsPolicyException>(entry.Exception);
    }

    [Fact]
    public async Task WithoutUpstreams_OrAnyOtherCall_TheCheckWorks()
    {
        await using var host = WatchedHost.Create(services => services.AddHealthChecks().AddOutboundTls());

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
    }

    [Fact]
    public void NameTagsAndTimeout_AreThoseOfTheCall()
    {
        var services = new ServiceCollection();
        services.AddHealthChecks().AddOutboundTls("tls", HealthStatus.Degraded, ["ready"], TimeSpan.FromSeconds(3));
        using var provider = services.BuildServiceProvider();

        var registration = Assert.Single(provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<HealthCheckServiceOptions>>().Value.Registrations);

        Assert.Equal(("tls", HealthStatus.Degraded, TimeSpan.FromSeconds(3)), (registration.Name, registration.FailureStatus, registration.Timeout));
        Assert.Equal(["ready"], registration.Tags);
    }

    [Fact]
    public async Task MapHealthChecks_AnswersByTheState()
    {
        using var leaf = Pki.Root.Issue("CN=leaf", new CertificateRequestOptions { Usages = [CertificateRequestOptions.ClientAuth], NotAfter = DateTimeOffset.UtcNow.AddDays(20) });
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", options => options.Certificate = new CertificateOptions { Key = leaf.KeyPem(), Crt = leaf.ExportCertificatePem() }));
        builder.Services.AddHealthChecks().AddOutboundTls();
        await using var app = builder.Build();
        app.MapHealthChecks("/healthz");
        await app.StartAsync(Deadline.Token());
        using var client = app.GetTestClient();
        var seen = new List<string>();

        foreach (var days in new[] { 0, 14, 7 })
        {
            clock.Advance(TimeSpan.FromDays(days));
            using var answer = await client.GetAsync(new Uri("/healthz", UriKind.Relative), Deadline.Token());
            seen.Add($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Deadline.Token())}");
        }

        Assert.Equal(["200 Healthy", "200 Degraded", "503 Unhealthy"], seen);
    }

    [Fact]
    public async Task ClientsWhoseNamesAreShownAlike_EachHaveTheirData_InOneLine()
    {
        using var ca = TestCA.Root("CN=ends", notAfter: DateTimeOffset.UtcNow.AddDays(-1));
        await using var host = WatchedHost.Create(services =>
        {
            foreach (var name in new[] { "a b", "a\nb", "a\u202Eb" })
            {
                services.AddHttpClient(name).AddOutboundTls(options => options.TrustedCA = ca.Pem + "\n" + Pki.Root.Pem);
            }

            services.AddHealthChecks().AddOutboundTls();
        });

        var entry = await CheckAsync(host);

        Assert.Null(entry.Exception);
        Assert.Equal(["client 'a b'", "client 'a b' (2)", "client 'a b' (3)"], entry.Data.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(entry.Description!, character => char.IsControl(character) || character == '\u202E');
    }

    private static WatchedHost Host(Action<OutboundTlsOptions>? policy = null, HealthStatus? failureStatus = null) => WatchedHost.Create(services =>
    {
        services.AddOutboundTls(tls => tls.AddPolicy("orders", policy ?? (options => options.TrustedCA = Pki.Root.Pem)));
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default);
        services.AddHealthChecks().AddOutboundTls(failureStatus: failureStatus);
    });

    private static async Task<HealthReportEntry> CheckAsync(WatchedHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Deadline.Token());
        return report.Entries["outbound-tls"];
    }
}
