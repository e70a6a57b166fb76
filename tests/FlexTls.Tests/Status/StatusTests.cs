using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Status;

/// <summary>What operators are shown of every upstream, field by field, against what its server saw.</summary>
public class StatusTests
{
    [Fact]
    public async Task GetStatus_AfterARequest_HasWhatTheServerSaw()
    {
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.RequireCertificate }, Deadline.Token());
        await using var host = WatchedHost.Of(WithIdentity);
        var started = host.Clock.GetUtcNow();
        host.Clock.Advance(TimeSpan.FromMinutes(5));

        await host.GetAsync(server);

        var orders = Assert.Single(host.Status.Upstreams);
        var seen = Assert.Single(server.Requests);
        Assert.Equal(("orders", UpstreamTlsKind.Service, 1, started), (orders.Name, orders.Kind, orders.Generation, orders.Since));
        Assert.Equal((UpstreamTlsState.UpToDate, null, null), (orders.State, orders.Degradation, orders.LastError));
        Assert.Equal((1, 0), (orders.OpenConnections, orders.DrainingConnections));
        var handshake = orders.LastHandshake!;
        Assert.Equal(
            new TlsHandshakeSummary
            {
                At = host.Clock.GetUtcNow(),
                Version = TlsVersion.Tls13,
                CipherSuite = seen.CipherSuite!.Value,
                ApplicationProtocol = "h2",
                KeyExchangeGroup = handshake.KeyExchangeGroup,
                IsResumed = false,
                IsMutual = true,
                Duration = handshake.Duration,
            },
            handshake);
        Assert.Contains(handshake.KeyExchangeGroup, orders.Settings.KeyExchangeGroups);
        Assert.Equal("client 'orders'", Assert.Single(orders.Users).Description);
        Assert.Equal("localhost", Assert.Single(orders.Hosts));
        Assert.False(orders.HasMoreHosts);
        Assert.Equal((1, 0), (orders.LastHour.Single().Handshakes, orders.LastHour.Single().Failures));
        Assert.Empty(orders.Failures);
        Assert.Equal(System.Security.Authentication.SslProtocols.Tls13, seen.TlsVersion);
        Assert.Equal(seen.ClientCertificate, orders.Settings.ClientCertificate?.Subject);
        Assert.False(host.Status.IsDegraded);
    }

    [Fact]
    public async Task GetStatus_BeforeAnyConnection_HasNoHandshake()
    {
        await using var host = WatchedHost.Of(WithIdentity);

        var orders = Assert.Single(host.Status.Upstreams);

        Assert.Equal((0, 0, null, null), (orders.OpenConnections, orders.DrainingConnections, orders.LastHandshake, orders.LastError));
    }

    [Fact]
    public async Task TheSource_IsFileAndLine_OrWords()
    {
        await using var host = new PolicyHost();
        host.Write("policies/orders.yaml", PolicyYaml.Binding("billing", "{}") + PolicyYaml.Binding("orders", "{}"));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies").AddPolicy("code", OutboundTlsPolicy.Default));
        host.Builder.Services.AddOutboundTls(Registered.InMemory(("Upstreams:section:minversion", "1.3")));

        var upstreams = host.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams;

        Assert.Equal(["billing", "code", "orders", "section"], upstreams.Select(upstream => upstream.Name));
        var (billing, orders) = (upstreams[0], upstreams[2]);
        Assert.EndsWith("orders.yaml", orders.FileName, StringComparison.Ordinal);
        Assert.True(billing.Line > 0 && orders.Line > billing.Line);
        Assert.Equal($"{orders.FileName}({orders.Line})", orders.Source);
        Assert.Equal(("AddPolicy(\"code\", …)", null, 0), (upstreams[1].Source, upstreams[1].FileName, upstreams[1].Line));
        Assert.Equal("OutboundTls:Upstreams:section", upstreams[3].Source);
    }

    [Fact]
    public async Task AServiceAndAClientOfOneName_AreToldApart_InAStableOrder()
    {
        await using var host = WatchedHost.Create(services =>
        {
            services.AddOutboundTls(tls =>
            {
                tls.AddPolicy("payments/orders", OutboundTlsPolicy.Default).AddPolicy("orders", OutboundTlsPolicy.Default);
                tls.UnboundClients = UnboundClientBehavior.GatewayDefault;
            });
            services.AddHttpClient("orders").AddOutboundTls(options => options.MinVersion = TlsVersion.Tls13);
            services.AddHttpClient("other").AddOutboundTls("orders");
        });
        host["late"].Dispose();

        var upstreams = host.Status.Upstreams;

        Assert.Equal(
            [("orders", UpstreamTlsKind.Service), ("payments/orders", UpstreamTlsKind.Service), ("late", UpstreamTlsKind.Client), ("orders", UpstreamTlsKind.Client)],
            upstreams.Select(upstream => (upstream.Name, upstream.Kind)));
        Assert.Equal([TlsVersion.Tls12, TlsVersion.Tls13], upstreams.Where(upstream => upstream.Name == "orders").Select(upstream => upstream.Settings.MinVersion));
        Assert.Equal("GatewayDefault", upstreams[2].Source);
    }

    [Fact]
    public async Task AFailedConnection_IsTheLastError_WithTheWholeVerdict_AndStays()
    {
        await using var server = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1AndHttp2, Deadline.Token());
        await using var host = WatchedHost.Of(options => options.TrustedCA = Pki.Foreign.Pem);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var at = host.Clock.GetUtcNow();

        await Assert.ThrowsAsync<HttpRequestException>(() => host.GetAsync(server));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        host.Replace(Pki.Trusting());
        await host.GetAsync(server);

        var orders = Assert.Single(host.Status.Upstreams);
        Assert.Equal(at, orders.LastError!.At);
        Assert.StartsWith("FTLS5", orders.LastError.Code, StringComparison.Ordinal);
        Assert.StartsWith($"{orders.LastError.Code}: ", orders.LastError.Message, StringComparison.Ordinal);
        Assert.Contains(Pki.EcServer.Subject, orders.LastError.Message, StringComparison.Ordinal);
        Assert.Equal(2, orders.LastError.Message.Split("refused").Length);
        Assert.NotNull(orders.LastHandshake);
    }

    [Fact]
    public async Task ANewGeneration_HasItsOwnSourceAndTime_AndTheOldOneDrains()
    {
        using var answer = new SemaphoreSlim(0);
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer)
        {
            Respond = async context =>
            {
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await answer.WaitAsync(context.RequestAborted);
            },
        }, Deadline.Token());
        await using var host = WatchedHost.Of(options => options.TrustedCA = Pki.Root.Pem);
        using var slow = await host["orders"].GetAsync(server.Address, HttpCompletionOption.ResponseHeadersRead, Deadline.Token());
        host.Clock.Advance(TimeSpan.FromSeconds(10));

        host.Replace(Pki.Trusting());

        var orders = Assert.Single(host.Status.Upstreams);
        Assert.Equal((2, host.Clock.GetUtcNow()), (orders.Generation, orders.Since));
        Assert.Equal(("next.yaml(7)", "next.yaml", 7), (orders.Source, orders.FileName, orders.Line));
        Assert.Equal((0, 1, null), (orders.OpenConnections, orders.DrainingConnections, orders.LastHandshake));
        answer.Release();
        await slow.Content.ReadAsByteArrayAsync(Deadline.Token());
    }

    [Fact]
    public async Task ADegradedUpstream_SaysWhyAndSinceWhen_AndTheErrorOutlivesIt()
    {
        await using var host = WatchedHost.Of(options => options.TrustedCA = Pki.Root.Pem);
        var since = host.Clock.GetUtcNow();
        host.Degrade();
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var last = host.Clock.GetUtcNow();
        host.Degrade("FTLS2007");

        var degraded = Assert.Single(host.Status.Upstreams);
        Assert.True(host.Status.IsDegraded);
        Assert.Equal((UpstreamTlsState.Degraded, 1, since), (degraded.State, degraded.Generation, degraded.Degradation!.Since));
        Assert.Equal("FTLS2007", Assert.Single(degraded.Degradation.Diagnostics).Code);
        Assert.Equal(new UpstreamTlsError { Code = "FTLS2007", Message = "next.yaml(3,1): error FTLS2007: no good", At = last }, degraded.LastError);

        host.Orders.Heal(host.Orders.Source);

        var healed = Assert.Single(host.Status.Upstreams);
        Assert.Equal((UpstreamTlsState.UpToDate, null, degraded.LastError), (healed.State, healed.Degradation, healed.LastError));
        Assert.False(host.Status.IsDegraded);
    }

    [Fact]
    public async Task PoliciesThatCannotBeUsed_AreAnException()
    {
        await using var host = WatchedHost.Create(services => services.AddOutboundTls(tls => tls.AddPolicy("orders", options => options.MinVersion = (TlsVersion)14)));

        Assert.Equal("FTLS2007", Assert.Single(Assert.Throws<TlsPolicyException>(() => host.Status).Diagnostics).Code);
    }

    private static void WithIdentity(OutboundTlsOptions options)
    {
        var mutual = Pki.MutualTls();
        (options.TrustedCA, options.Certificate) = (mutual.TrustedCA, mutual.Certificate);
    }
}
