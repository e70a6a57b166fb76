using FlexTls.Reloading;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>A delegating handler that several clients share carries no policy from one to the other.</summary>
public class SharedHandlerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AClientWithoutPolicy_ThatWasCreatedFirst_GetsNothingOfTheOthersPolicy(bool isSkipping)
    {
        await using var server = await StartAsync(isSkipping ? Pki.Foreign : Pki.Root);
        using var shared = new PassingHandler { InnerHandler = new SocketsHttpHandler() };
        var options = isSkipping ? new OutboundTlsOptions { DangerousSkipValidation = true } : Pki.MutualTls();
        await using var clients = ClientHost.Create(services =>
        {
            services.AddHttpClient("a").ConfigurePrimaryHttpMessageHandler(() => shared)
                .AddOutboundTls(OutboundTlsPolicy.Create(options));
            services.AddHttpClient("b").ConfigurePrimaryHttpMessageHandler(() => shared);
        });
        var b = clients["b"];

        var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => clients["a"]).Diagnostics);

        Assert.Equal(DiagnosticCodes.HandlerReplaced, fault.Code);
        Assert.Equal(DiagnosticCodes.HandlerReplaced, await RefusalAsync(b, server.Address));
        Assert.Empty(server.Hellos);
    }

    [Fact]
    public async Task ARequestThatWaitsInTheHandler_WhileThePolicyOfTheOtherClientArrives_IsRefused()
    {
        using var shared = new WaitingHandler { InnerHandler = new SocketsHttpHandler() };
        await using var host = await RotatingHost.StartAsync(
            host =>
            {
                host.Builder.Services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
                host.AddClient("a").ConfigurePrimaryHttpMessageHandler(() => shared);
                host.AddClient("b").ConfigurePrimaryHttpMessageHandler(() => shared);
            },
            tls => tls.ReloadOnChange = false);
        using var a = host["a"];
        using var b = host["b"];
        var refused = Assert.ThrowsAsync<HttpRequestException>(() => b.GetStringAsync("/", Deadline.Token()));
        await shared.Entered.Task.WaitAsync(Deadline.Token());

        host.Write("policies/a.yaml", PolicyYaml.Binding("a", "skipValidation: true"));
        await host.Manager.ReloadAsync(Deadline.Token());
        shared.Go.SetResult();

        var refusal = Assert.IsType<TlsHandshakeException>((await refused).InnerException);
        Assert.Equal(DiagnosticCodes.HandlerReplaced, refusal.Code);
        Assert.Empty(host.Server.Requests);
    }

    [Fact]
    public async Task WhatOneClientMayDo_ItsSharerMayNot()
    {
        using var shared = new PassingHandler { InnerHandler = new SocketsHttpHandler() };
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())));
            services.AddHttpClient("a").AddOutboundTls("orders").DangerousAllowPlainHttp()
                .ConfigurePrimaryHttpMessageHandler(() => shared);
            services.AddHttpClient("b").AddOutboundTls("orders").ConfigurePrimaryHttpMessageHandler(() => shared);
        });
        _ = clients["a"];

        var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => clients["b"]).Diagnostics);

        Assert.Equal(DiagnosticCodes.HandlerReplaced, fault.Code);
        Assert.Contains("shares its primary handler with client 'a'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientsWithoutPolicy_MayShareOne()
    {
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer) { IsPlain = true }, Deadline.Token());
        using var shared = new PassingHandler { InnerHandler = new SocketsHttpHandler() };
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())));
            services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
            services.AddHttpClient("a").ConfigurePrimaryHttpMessageHandler(() => shared);
            services.AddHttpClient("b").ConfigurePrimaryHttpMessageHandler(() => shared);
        });

        await clients["a"].GetStringAsync(server.Address, Deadline.Token());
        await clients["b"].GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AHandlerThatSendsCopiesAndMessagesOfItsOwn_IsUnderThePolicyOfItsClient(bool isSynchronous)
    {
        await using var server = await StartAsync(Pki.Root);
        await using var clients = ClientHost.Under(Pki.MutualTls(), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new CopyingHandler { InnerHandler = new SocketsHttpHandler() }));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);

        using var response = isSynchronous ? clients["orders"].Send(request, Deadline.Token())
            : await clients["orders"].SendAsync(request, Deadline.Token());

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal([Pki.Client.Subject, Pki.Client.Subject], server.Requests.Select(seen => seen.ClientCertificate));
    }

    /// <summary>Handlers are made again when their time is over, from the same delegating handler.</summary>
    [Fact]
    public async Task AClientThatIsMadeAgainOverItsHandler_KeepsItsPolicy()
    {
        await using var server = await StartAsync(Pki.Root);
        using var shared = new PassingHandler { InnerHandler = new SocketsHttpHandler() };
        await using var clients = ClientHost.Under(
            Pki.MutualTls(),
            client => client.ConfigurePrimaryHttpMessageHandler(() => shared)
                .SetHandlerLifetime(TimeSpan.FromSeconds(1)));
        var first = clients.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders");
        var again = first;
        await Deadline.UntilAsync(() =>
            (again = clients.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders")) != first);

        using var client = new HttpClient(again, disposeHandler: false);
        await client.GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(server.Requests).ClientCertificate);
    }

    private static Task<HttpUpstream> StartAsync(TestCA authority) => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(authority.IssueServer("localhost"))
        {
            ClientCertificates = ClientCertificateMode.AllowCertificate,
        },
        Deadline.Token());

    private static async Task<string> RefusalAsync(HttpClient client, Uri address)
    {
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(address, Deadline.Token()));
        return Assert.IsType<TlsHandshakeException>(failed.InnerException).Code;
    }

    /// <summary>Sends a message of its own, and then a copy of the one that it was given.</summary>
    private sealed class CopyingHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var first = await base.SendAsync(new HttpRequestMessage(request.Method, request.RequestUri), cancellationToken);
            return await base.SendAsync(new HttpRequestMessage(request.Method, request.RequestUri), cancellationToken);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var first = base.Send(new HttpRequestMessage(request.Method, request.RequestUri), cancellationToken);
            return base.Send(new HttpRequestMessage(request.Method, request.RequestUri), cancellationToken);
        }
    }

    private sealed class WaitingHandler : DelegatingHandler
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Entered.TrySetResult();
            await Go.Task;
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
