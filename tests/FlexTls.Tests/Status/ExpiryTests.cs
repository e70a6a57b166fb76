using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Status;

/// <summary>The log warns before a certificate expires, and when it has: once each, by the clock.</summary>
public class ExpiryTests
{
    private const string Prefix = "Upstream 'orders', generation";

    [Fact]
    public async Task EachThreshold_IsToldOnce_AndThenTheEnd()
    {
        using var ca = CA(100);
        await using var host = WatchedHost.Of(
            options => options.TrustedCA = ca.Pem, tls => tls.RenewalWarningFraction = 0);
        host.Pass(TimeSpan.FromDays(69));
        Assert.Empty(host.Expiries);
        host.Pass(TimeSpan.FromDays(30));
        host.Pass(TimeSpan.FromDays(5));

        var notAfter = $"{ca.Certificate.NotAfter.ToUniversalTime():u}";
        Assert.Equal(
            [
                $"Warning: {Prefix} 1: trusted CA 'CN=ends' expires at {notAfter}, in 29 days.",
                $"Warning: {Prefix} 1: trusted CA 'CN=ends' expires at {notAfter}, in 6 days.",
                $"Warning: {Prefix} 1: trusted CA 'CN=ends' expires at {notAfter}, in 23 hours.",
                $"Error: {Prefix} 1: trusted CA 'CN=ends' expired at {notAfter}.",
            ],
            host.Expiries);
    }

    [Fact]
    public async Task OfAShortLifetime_TheOverdueRenewalIsToldToo()
    {
        using var ca = TestCA.Root("CN=Clients");
        using var client = ca.Issue("CN=short", new CertificateRequestOptions
        {
            NotBefore = DateTimeOffset.UtcNow,
            NotAfter = DateTimeOffset.UtcNow.AddDays(47),
        });
        await using var host = WatchedHost.Of(
            options => (options.TrustedCA, options.ClientCertificate) = (Pki.Root.Pem, client));
        host.Pass(TimeSpan.FromDays(35));
        Assert.Empty(host.Expiries);
        host.Pass(TimeSpan.FromDays(6));

        Assert.Equal(2, host.Expiries.Count);
        Assert.EndsWith(
            ", in 11 days. Its renewal is overdue: little is left of its lifetime of 47 days.", host.Expiries[0],
            StringComparison.Ordinal);
        Assert.EndsWith(", in 6 days.", host.Expiries[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void RenewalWarning_OutOfRange_IsRefused(double value)
    {
        var services = new ServiceCollection();
        services.AddOutboundTls(tls =>
            Assert.Throws<ArgumentOutOfRangeException>(() => tls.RenewalWarningFraction = value));
        using var provider = services.BuildServiceProvider();

        Assert.Empty(provider.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams);
    }

    [Fact]
    public async Task ANewGeneration_IsToldAgain_AtOnce()
    {
        using var ca = CA(100);
        await using var host = WatchedHost.Of(
            options => options.TrustedCA = ca.Pem, tls => tls.RenewalWarningFraction = 0);
        host.Pass(TimeSpan.FromDays(80));

        host.Replace(new OutboundTlsOptions { TrustedCA = ca.Pem });
        host.Pass(TimeSpan.FromDays(5));

        Assert.Equal(2, host.Expiries.Count);
        Assert.Contains($"{Prefix} 2: trusted CA 'CN=ends' expires at", host.Expiries[1], StringComparison.Ordinal);
        Assert.EndsWith(", in 19 days.", host.Expiries[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReplacedGeneration_IsToldOfNoMore()
    {
        using var ca = CA(100);
        await using var host = WatchedHost.Of(
            options => options.TrustedCA = ca.Pem, tls => tls.RenewalWarningFraction = 0);
        using var longer = TestCA.Root("CN=longer", notAfter: DateTimeOffset.UtcNow.AddDays(400));

        host.Replace(new OutboundTlsOptions { TrustedCA = longer.Pem });
        host.Pass(TimeSpan.FromDays(200));

        Assert.Empty(host.Expiries);
    }

    [Fact]
    public async Task AtStart_OnlyTheNearestThresholdIsTold()
    {
        using var ca = TestCA.Root("CN=ends", new AuthorityOptions { NotBefore = DateTimeOffset.UtcNow.AddDays(-300), NotAfter = DateTimeOffset.UtcNow.AddDays(5) });

        await using var host = WatchedHost.Of(
            options => options.TrustedCA = ca.Pem, tls => tls.RenewalWarningFraction = 0);

        Assert.Single(host.Expiries);
        host.Pass(TimeSpan.FromDays(3));
        Assert.Single(host.Expiries);
    }

    [Fact]
    public async Task WhatHadExpiredBefore_WasToldByTheContext()
    {
        using var ca = TestCA.Root("CN=ends", notAfter: DateTimeOffset.UtcNow.AddHours(-1));
        await using var host = WatchedHost.Of(
            options => options.TrustedCA = ca.Pem, tls => tls.RenewalWarningFraction = 0);

        host.Pass(TimeSpan.FromDays(2));

        Assert.Empty(host.Expiries);
    }

    [Fact]
    public async Task AnIntermediateThatHadExpiredBefore_IsTold()
    {
        using var between = Pki.Root.Intermediate("CN=ends", new AuthorityOptions { NotBefore = DateTimeOffset.UtcNow.AddDays(-90), NotAfter = DateTimeOffset.UtcNow.AddDays(-1) });

        await using var host = WatchedHost.Of(options => options.Certificate = new CertificateOptions { Key = Pki.Client.KeyPem(), Crt = Pki.Client.ChainPem(between.Certificate) });

        Assert.Contains("intermediate sent with the client certificate 'CN=ends' expired at", Assert.Single(host.Expiries), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, new string[0])]
    [InlineData(5, new[] { "23 hours" })]
    [InlineData(30, new[] { "6 days", "23 hours" })]
    public async Task AShortLivedCertificate_IsNotNearItsEndFromItsBeginning(int days, string[] warnings)
    {
        using var leaf = Client(days);
        await using var host = WatchedHost.Of(
            options => options.Certificate =
                new CertificateOptions { Key = leaf.KeyPem(), Crt = leaf.ExportCertificatePem() },
            tls => tls.RenewalWarningFraction = 0);

        host.Pass(TimeSpan.FromDays(days + 1));

        Assert.Equal([.. warnings.Select(left => $", in {left}."), $"expired at {leaf.NotAfter.ToUniversalTime():u}."], host.Expiries.Select(line => line[Math.Max(line.LastIndexOf(", in", StringComparison.Ordinal), line.IndexOf("expired", StringComparison.Ordinal))..]));
    }

    [Fact]
    public async Task WhatTheServerPresented_IsWatchedToo()
    {
        using var presented = Pki.Root.Issue("CN=localhost", new CertificateRequestOptions { DnsNames = ["localhost"], NotBefore = DateTimeOffset.UtcNow.AddDays(-80), NotAfter = DateTimeOffset.UtcNow.AddDays(10) });
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(presented), Deadline.Token());
        await using var host = WatchedHost.Of(options => options.TrustedCA = Pki.Root.Pem);
        await host.GetAsync(server);
        Assert.Empty(host.Expiries);

        host.Pass(TimeSpan.FromHours(1));

        Assert.StartsWith($"Warning: {Prefix} 1: certificate presented by the server 'CN=localhost' expires at", Assert.Single(host.Expiries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatIsMadeLate_IsWatchedFromThen()
    {
        using var ca = CA(100);
        var policy = OutboundTlsPolicy.Create(new OutboundTlsOptions { TrustedCA = ca.Pem });
        await using var host = WatchedHost.Create(services => services.ConfigureHttpClientDefaults(client => client.AddOutboundTls(policy)));
        _ = host.Status;
        host.Pass(TimeSpan.FromDays(80));

        host["late"].Dispose();

        Assert.StartsWith("Warning: Upstream 'late', generation 1: trusted CA 'CN=ends'", Assert.Single(host.Expiries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithTheServices_TheWatchEnds()
    {
        using var ca = CA(100);
        var host = WatchedHost.Of(options => options.TrustedCA = ca.Pem, tls => tls.RenewalWarningFraction = 0);
        var orders = host.Orders;
        await host.DisposeAsync();

        host.Pass(TimeSpan.FromDays(200));
        orders.Replace(orders.Current.Context, orders.Source);

        Assert.Empty(host.Expiries);
    }

    [Fact]
    public async Task ExpiryWarnings_ReplaceTheThresholds_InAnyOrder()
    {
        using var ca = CA(100);
        await using var host = WatchedHost.Of(options => options.TrustedCA = ca.Pem, tls => tls.ExpiryWarnings = [TimeSpan.FromHours(2), TimeSpan.FromDays(14)]);

        host.Pass(TimeSpan.FromDays(101));

        Assert.Equal(3, host.Expiries.Count);
        Assert.EndsWith(", in 13 days.", host.Expiries[0], StringComparison.Ordinal);
        Assert.EndsWith(", in 1 hour.", host.Expiries[1], StringComparison.Ordinal);
        Assert.StartsWith("Error: ", host.Expiries[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoExpiryWarnings_LeaveWhatHasExpired()
    {
        using var ca = CA(100);
        await using var host = WatchedHost.Of(options => options.TrustedCA = ca.Pem, tls => tls.ExpiryWarnings = []);

        host.Pass(TimeSpan.FromDays(101));

        Assert.StartsWith("Error: ", Assert.Single(host.Expiries), StringComparison.Ordinal);
    }

    [Fact]
    public void ExpiryWarnings_ThatAreNone_AreRefusedWhenSet() => new ServiceCollection().AddOutboundTls(tls =>
    {
        Assert.Equal([TimeSpan.FromDays(30), TimeSpan.FromDays(7), TimeSpan.FromDays(1)], tls.ExpiryWarnings);
        var mine = new List<TimeSpan> { TimeSpan.FromDays(2) };
        tls.ExpiryWarnings = mine;
        mine.Clear();

        Assert.Throws<ArgumentException>(() => tls.ExpiryWarnings = [TimeSpan.FromDays(1), TimeSpan.Zero]);
        Assert.Throws<ArgumentException>(() => tls.ExpiryWarnings = [TimeSpan.FromDays(-1)]);
        Assert.Throws<ArgumentNullException>(() => tls.ExpiryWarnings = null!);
        Assert.Equal([TimeSpan.FromDays(2)], tls.ExpiryWarnings);
    });

    private static TestCA CA(int days) => TestCA.Root("CN=ends", notAfter: DateTimeOffset.UtcNow.AddDays(days));

    private static X509Certificate2 Client(int days) => Pki.Root.Issue("CN=client", new CertificateRequestOptions
    {
        Usages = [CertificateRequestOptions.ClientAuth],
        NotBefore = DateTimeOffset.UtcNow.AddMinutes(-1),
        NotAfter = DateTimeOffset.UtcNow.AddDays(days),
    });
}
