using System.Net.Security;
using FlexTls.Reloading;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>Clients that were made before their policy arrived come under it with their next request, or are refused.</summary>
public class LateClientPolicyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AClientOfADefaultCall_ComesUnderThePolicyThatArrives(bool isSynchronous)
    {
        await using var host = await StartAsync(_ => { });
        using var client = host["late"];
        Assert.IsNotType<TlsHandshakeException>((await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, isSynchronous))).InnerException);

        await ArriveAsync(host);

        Assert.Equal("CN=late", await SendAsync(client, isSynchronous));
        Assert.Equal("CN=late", await SendAsync(host["late"], isSynchronous));
        Assert.Equal(UpstreamTlsState.UpToDate, host.StatusOf("late").State);
    }

    [Fact]
    public async Task AClientUnderTheGatewaysDefault_ComesUnderThePolicyThatArrives()
    {
        await using var host = await StartAsync(_ => { }, configure: tls => tls.UnboundClients = UnboundClientBehavior.GatewayDefault);
        using var client = host["late"];
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, isSynchronous: false));
        Assert.Equal("FTLS5003", Assert.IsType<TlsHandshakeException>(refusal.InnerException).Code);

        await ArriveAsync(host);

        Assert.Equal("CN=late", await SendAsync(client, isSynchronous: false));
        refusal = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync($"http://localhost:{host.Server.Port}/", Deadline.Token()));
        Assert.Equal("FTLS6020", Assert.IsType<TlsHandshakeException>(refusal.InnerException).Code);
        Assert.Equal(UpstreamTlsKind.Service, host.StatusOf("late").Kind);
    }

    public static TheoryData<string, string> Foreign => new()
    {
        { "HttpClientHandler", DiagnosticCodes.ForeignPrimaryHandler },
        { "TLS settings", DiagnosticCodes.TlsSettingOnHandler },
        { "own", DiagnosticCodes.ForeignPrimaryHandler },
        { "delegating", DiagnosticCodes.ForeignPrimaryHandler },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task WhereTheHandlerCannotBeReplaced_EveryRequestIsRefused(string kind, string code)
    {
        await using var host = await StartAsync(client => client.ConfigurePrimaryHttpMessageHandler(() => Handler(kind)));
        using var client = host["late"];
        Assert.Equal("none", await SendAsync(client, isSynchronous: false));
        var seen = host.Server.Requests.Count;

        await ArriveAsync(host);

        foreach (var isSynchronous in new[] { false, true, false })
        {
            var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, isSynchronous));
            Assert.Equal(HttpRequestError.SecureConnectionError, refusal.HttpRequestError);
            Assert.Equal(code, Assert.IsType<TlsHandshakeException>(refusal.InnerException).Code);
        }

        Assert.Equal(seen, host.Server.Requests.Count);
        Assert.Equal(UpstreamTlsState.Degraded, host.StatusOf("late").State);
        Assert.Equal(code, Assert.Single(host.StatusOf("late").Degradation!.Diagnostics).Code);
        Assert.Contains("client 'late'", Assert.Single(host.Errors), StringComparison.Ordinal);
        Assert.Equal(code, Assert.Single(Assert.Throws<TlsPolicyException>(() => host["late"]).Diagnostics).Code);
    }

    [Fact]
    public async Task WhereTheHandlerCannotBeReplaced_TheUpstreamIsDegradedAtOnce()
    {
        await using var host = await StartAsync(client => client.ConfigurePrimaryHttpMessageHandler(() => Handler("own")));
        using var client = host["late"];

        await ArriveAsync(host);

        var degradation = Assert.IsType<UpstreamTlsDegradation>(host.StatusOf("late").Degradation);
        Assert.Equal(DiagnosticCodes.ForeignPrimaryHandler, Assert.Single(degradation.Diagnostics).Code);
    }

    [Fact]
    public async Task AClientThatWasNotMadeForADefaultCall_DegradesNothing()
    {
        await using var host = await RotatingHost.StartAsync(
            host => host.AddClient("late").ConfigurePrimaryHttpMessageHandler(() => Handler("own")),
            tls => tls.ReloadOnChange = false);
        using var client = host["late"];

        await ArriveAsync(host);

        Assert.Equal("none", await SendAsync(client, isSynchronous: false));
        Assert.Equal(UpstreamTlsState.UpToDate, host.StatusOf("late").State);
    }

    [Fact]
    public async Task AnUpstreamWithARefusedClient_StaysDegraded_AfterAReload()
    {
        await using var host = await StartAsync(client => client.ConfigurePrimaryHttpMessageHandler(() => Handler("own")));
        using var client = host["late"];
        await ArriveAsync(host);
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, isSynchronous: false));

        host.WritePolicy("late", "minversion: '1.3'\n");
        await host.Manager.ReloadAsync(Deadline.Token());

        Assert.Equal((UpstreamTlsState.Degraded, 2), (host.StatusOf("late").State, host.StatusOf("late").Generation));
    }

    [Fact]
    public async Task APolicyWithoutHttp_RefusesTheClient_UntilItHasSome()
    {
        await using var host = await StartAsync(_ => { });
        using var client = host["late"];
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, isSynchronous: false));
        await ArriveAsync(host, "alpn: [mqtt]\n");
        Assert.Equal(UpstreamTlsState.Degraded, host.StatusOf("late").State);

        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, isSynchronous: false));
        Assert.Equal(DiagnosticCodes.NoHttpInAlpn, Assert.IsType<TlsHandshakeException>(refusal.InnerException).Code);
        Assert.Equal(UpstreamTlsState.Degraded, host.StatusOf("late").State);

        await ArriveAsync(host, "alpn: [http/1.1]\n");
        Assert.Equal("CN=late", await SendAsync(client, isSynchronous: false));
        Assert.Equal(UpstreamTlsState.UpToDate, host.StatusOf("late").State);
    }

    [Fact]
    public async Task AServiceWhoseNameDiffersInLetterCase_RefusesTheClient()
    {
        await using var host = await StartAsync(_ => { }, "Late");
        using var client = host["Late"];
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, isSynchronous: false));

        await ArriveAsync(host);

        Assert.Equal(UpstreamTlsState.Degraded, host.StatusOf("late").State);
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, isSynchronous: false));
        Assert.Equal(DiagnosticCodes.NoPolicyForClient, Assert.IsType<TlsHandshakeException>(refusal.InnerException).Code);
        Assert.Contains("did you mean 'late'?", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(UpstreamTlsState.Degraded, host.StatusOf("late").State);
    }

    [Fact]
    public async Task ARefusedClient_IsMadeOnceAPolicyArrives()
    {
        await using var host = await StartAsync(_ => { }, configure: tls => tls.UnboundClients = UnboundClientBehavior.Refuse);
        Assert.Equal(DiagnosticCodes.UnboundClient, Assert.Single(Assert.Throws<TlsPolicyException>(() => host["late"]).Diagnostics).Code);

        await ArriveAsync(host);

        Assert.Equal("CN=late", await SendAsync(host["late"], isSynchronous: false));
    }

    [Fact]
    public async Task AfterTheServicesAreDisposed_AClientGoesOnUnderItsPolicy_AsTheLogOfAProgramThatEndsNeeds()
    {
        HttpClient client;
        await using (var host = await StartAsync(_ => { }))
        {
            client = host.Client;
            Assert.Equal("CN=first", await host.WhoAsync());
            await ((ServiceProvider)host.Services).DisposeAsync();

            Assert.Equal("CN=first", await client.GetStringAsync("/", Deadline.Token()));
            client.DefaultRequestHeaders.ConnectionClose = true;
            Assert.Equal("CN=first", await client.GetStringAsync("/", Deadline.Token()));
            Assert.Equal("CN=first", await client.GetStringAsync("/", Deadline.Token()));
        }

        client.Dispose();
    }

    private static Task<RotatingHost> StartAsync(Action<IHttpClientBuilder> late, string name = "late", Action<OutboundTlsBuilder>? configure = null) => RotatingHost.StartAsync(
        host =>
        {
            host.Builder.Services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
            late(host.AddClient(name));
        },
        tls =>
        {
            tls.ReloadOnChange = false;
            configure?.Invoke(tls);
        });

    private static async Task ArriveAsync(RotatingHost host, string more = "")
    {
        host.WriteIdentityOf("late", "late");
        host.WritePolicy("late", more);
        await host.Manager.ReloadAsync(Deadline.Token());
    }

    private static async Task<string> SendAsync(HttpClient client, bool isSynchronous)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        using var response = isSynchronous ? client.Send(request, Deadline.Token()) : await client.SendAsync(request, Deadline.Token());
        return await response.Content.ReadAsStringAsync(Deadline.Token());
    }

    private static HttpMessageHandler Handler(string kind) => kind switch
    {
        "HttpClientHandler" => new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator },
        "TLS settings" => new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } },
        "own" => new Own(),
        _ => new Passing { InnerHandler = new Own() },
    };

    private sealed class Own : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => new() { Content = new StringContent("none") };
    }

    private sealed class Passing : DelegatingHandler;
}
