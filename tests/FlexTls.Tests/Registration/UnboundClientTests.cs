using System.Security.Authentication;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>What becomes of clients without a policy, with and without a default call that finds none for them.</summary>
public class UnboundClientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stock_LeavesThemToThePlatform(bool hasDefaultCall)
    {
        var trusted = false;
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = Create(null, hasDefaultCall, services => services.AddHttpClient("free").ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, _, _, _) => trusted = true,
        }));

        await clients["free"].GetStringAsync(upstream.Address, Deadline.Token());

        // No ALPN for a request of HTTP/1.1: that is how the platform does it.
        var hello = Assert.Single(upstream.Requests).Hello!;
        Assert.True(trusted);
        Assert.Empty(hello.Alpn);
        Assert.Contains("1.3", hello.Versions);
        Assert.DoesNotContain(clients.Log.Lines, line => line.Text.Contains("'free'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GatewayDefault_OffersTls12WithoutAlpn_AndValidates(bool hasDefaultCall)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = Create(UnboundClientBehavior.GatewayDefault, hasDefaultCall, services => services.AddHttpClient("configured", client => client.Timeout = TimeSpan.FromSeconds(20)));

        foreach (var name in new[] { "never-mentioned", "configured", "" })
        {
            var exception = await Assert.ThrowsAsync<HttpRequestException>(() => clients[name].GetStringAsync(upstream.Address, Deadline.Token()));

            // The system does not trust this root: the gateway's default validates.
            Assert.Equal(DiagnosticCodes.IncompleteChain, Assert.IsType<TlsHandshakeException>(exception.InnerException).Code);
            var hello = upstream.Hellos.Last();
            Assert.Equal(["1.2"], hello.Versions);
            Assert.Empty(hello.Alpn);
            Assert.Equal(OutboundTlsPolicy.GatewayDefault.CipherSuites.Select(suite => suite.Suite), hello.CipherSuites);
        }

        Assert.Equal(3, upstream.Hellos.Count);
    }

    [Fact]
    public async Task GatewayDefault_IsLeftToClientsWithoutAPolicy()
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = Create(UnboundClientBehavior.GatewayDefault, hasDefaultCall: true);

        await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(SslProtocols.Tls13, Assert.Single(upstream.Requests).TlsVersion);
    }

    [Fact]
    public async Task GatewayDefault_CannotTakeAForeignHandler()
    {
        await using var clients = Create(UnboundClientBehavior.GatewayDefault, false, services => services.AddHttpClient("free").ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler()));

        Assert.Equal(DiagnosticCodes.ForeignPrimaryHandler, Assert.Single(Assert.Throws<TlsPolicyException>(() => clients["free"]).Diagnostics).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refuse_MakesNoneOfThem(bool hasDefaultCall)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = Create(UnboundClientBehavior.Refuse, hasDefaultCall, services => services.AddHttpClient("own").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting())));

        foreach (var name in new[] { "never-mentioned", "" })
        {
            var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => clients[name]).Diagnostics);

            Assert.Equal(DiagnosticCodes.UnboundClient, fault.Code);
            Assert.StartsWith($"client '{name}': ", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal("HTTP/2", await clients["own"].GetStringAsync(upstream.Address, Deadline.Token()));
        Assert.Equal(hasDefaultCall, Record.Exception(() => clients["orders"]) is null);
    }

    [Fact]
    public async Task Refuse_LeavesReplacedHandlersAlone()
    {
        await using var clients = Create(UnboundClientBehavior.Refuse, false, services => services.AddHttpClient("fake").DangerousReplaceOutboundTls(() => new SocketsHttpHandler()));

        Assert.NotNull(clients["fake"]);
    }

    [Fact]
    public async Task TheLastWord_Counts()
    {
        await using var clients = ClientHost.Create(services => services.AddHttpClient().AddOutboundTls(tls =>
        {
            Assert.Equal(UnboundClientBehavior.Stock, tls.UnboundClients);
            tls.UnboundClients = UnboundClientBehavior.Refuse;
        }).AddOutboundTls(tls => tls.UnboundClients = UnboundClientBehavior.Stock));

        Assert.NotNull(clients["free"]);
    }

    private static ClientHost Create(UnboundClientBehavior? behavior, bool hasDefaultCall, Action<IServiceCollection>? configure = null) => ClientHost.Create(services =>
    {
        services.AddHttpClient();
        services.AddOutboundTls(tls =>
        {
            tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting()));
            tls.UnboundClients = behavior ?? tls.UnboundClients;
        });
        if (hasDefaultCall)
        {
            services.ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls());
        }

        configure?.Invoke(services);
    });
}
