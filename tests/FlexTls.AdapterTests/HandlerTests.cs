using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>HTTP clients that a gateway or an SDK makes itself.</summary>
public class HandlerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AHandler_FollowsItsUpstream_AndIsCountedInItsStatus(bool isOfAContext)
    {
        await using var server = await StartAsync();
        await using var services = new Services();
        using var handler = isOfAContext
            ? new OutboundTlsHandler(services.Contexts.GetContext("orders"))
            : services.Handlers.CreateHandler("orders");
        using var client = new HttpClient(handler, disposeHandler: false);

        await client.GetStringAsync(server.Address, Deadline.Token());
        Assert.Equal(1, services.Orders.OpenConnections);
        await services.RotateAsync("CN=second");
        await client.GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal(["CN=first", "CN=second"], server.Requests.Select(request => request.ClientCertificate));
        Assert.Equal(2, services.Orders.Generation);
        await Deadline.UntilAsync(
            () => (services.Orders.OpenConnections, services.Orders.DrainingConnections) == (1, 0));
    }

    [Fact]
    public async Task AHandlerThatIsFirstUsedAfterTheServicesAreDisposed_Works()
    {
        await using var server = await StartAsync();
        HttpMessageHandler handler;
        await using (var services = new Services())
        {
            handler = services.Handlers.CreateHandler("orders");
        }

        using var client = new HttpClient(handler);
        await client.GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal("CN=first", Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task TheSettings_AreThoseOfTheCaller()
    {
        await using var server = await StartAsync();
        await using var services = new Services();
        var connections = 0;
        using var settings = new SocketsHttpHandler
        {
            ConnectCallback = async (connection, ct) =>
            {
                connections++;
                return await TestKit.Loopback.ConnectAsync(connection.DnsEndPoint.Port, ct);
            },
        };
        using var client = new HttpClient(services.Handlers.CreateHandler("orders", settings));

        await client.GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task WhatHasNoPolicyForHttp_IsRefused()
    {
        await using var services = new Services("alpn: [mqtt]");

        Assert.Throws<KeyNotFoundException>(() => services.Handlers.CreateHandler("billing"));
        var refused = Assert.Throws<TlsPolicyException>(() => services.Handlers.CreateHandler("orders"));

        Assert.Contains("neither h2 nor http/1.1", refused.Message, StringComparison.Ordinal);
        Assert.Throws<TlsPolicyException>(() => new OutboundTlsHandler(services.Contexts.GetContext("orders")));

        // The upstream has no HTTP client for that, and goes on.
        await services.RotateAsync("CN=second");
        Assert.Equal((2, UpstreamTlsState.UpToDate), (services.Orders.Generation, services.Orders.State));
    }

    [Fact]
    public async Task WhileThereIsAHandler_ItsPolicyKeepsHttp()
    {
        await using var services = new Services();
        var handler = services.Handlers.CreateHandler("orders");
        services.WritePolicy("alpn: [mqtt]");

        await services.ReloadAsync();
        Assert.Equal((1, UpstreamTlsState.Degraded), (services.Orders.Generation, services.Orders.State));
        handler.Dispose();
        await services.ReloadAsync();

        Assert.Equal((2, UpstreamTlsState.UpToDate), (services.Orders.Generation, services.Orders.State));
    }

    private static Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.RequireCertificate },
        Deadline.Token());
}
