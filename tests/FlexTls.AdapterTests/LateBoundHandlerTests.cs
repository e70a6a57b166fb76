using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>Handlers for names that may get their policies later, such as the clusters of a gateway.</summary>
public class LateBoundHandlerTests
{
    [Fact]
    public async Task WithStock_TheCallersHandlerSendsTheRequests_UntilThereIsAPolicy()
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("other");
        using var client = new HttpClient(
            tenants.Handlers.CreateLateBoundHandler("orders", UnboundClientBehavior.Stock, Trusting()));

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, server));
        tenants.Write("orders");
        await tenants.ReloadAsync();

        // Its own TLS settings were good for the platform's TLS only.
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, server));
        Assert.StartsWith("FTLS7006", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(UpstreamTlsState.Degraded, Status(tenants, "orders").State);

        client.Dispose();
        Assert.Equal(UpstreamTlsState.UpToDate, Status(tenants, "orders").State);
    }

    [Theory]
    [InlineData(UnboundClientBehavior.Stock)]
    [InlineData(UnboundClientBehavior.GatewayDefault)]
    [InlineData(UnboundClientBehavior.Refuse)]
    public async Task FromTheFirstRequestAfterThePolicyArrives_ItIsUnderThePolicy(UnboundClientBehavior whileUnbound)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("other");
        using var client = new HttpClient(tenants.Handlers.CreateLateBoundHandler("orders", whileUnbound));
        var before = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, server));
        Assert.Equal(
            whileUnbound == UnboundClientBehavior.Refuse,
            before.Message.StartsWith("FTLS7001: client 'orders': there is no policy", StringComparison.Ordinal));

        tenants.Write("orders");
        await tenants.ReloadAsync();
        await GetAsync(client, server);
        tenants.Write("orders", "renewed");
        await tenants.ReloadAsync();
        await GetAsync(client, server);

        Assert.Equal(["CN=orders", "CN=renewed"], server.Requests.Select(request => request.ClientCertificate));
        Assert.Equal(1, Status(tenants, "orders").OpenConnections);
    }

    [Fact]
    public async Task Check_SaysWhatWouldBeRefused()
    {
        await using var tenants = new Tenants("orders", "eu/billing", "us/billing");
        tenants.Write("mqtt", config: "alpn: [mqtt]");

        Assert.Empty(Check("orders", UnboundClientBehavior.Refuse));
        Assert.Empty(Check("payments", UnboundClientBehavior.Stock));
        Assert.Empty(Check("eu/billing", UnboundClientBehavior.Stock));
        Assert.Equal(["FTLS7001"], Check("payments", UnboundClientBehavior.Refuse));
        Assert.Equal(["FTLS7001"], Check("Orders", UnboundClientBehavior.Stock));
        Assert.Equal(["FTLS7002"], Check("billing", UnboundClientBehavior.Stock));
        Assert.Equal(["FTLS7006"], Check("orders", UnboundClientBehavior.Stock, Trusting()));
        Assert.Equal(["FTLS7007"], Check("mqtt", UnboundClientBehavior.Stock));
        Assert.Empty(Check("payments", UnboundClientBehavior.Stock, Trusting()));
        Assert.All(tenants.Status, tenant => Assert.Equal(UpstreamTlsState.UpToDate, tenant.State));

        IEnumerable<string> Check(string name, UnboundClientBehavior whileUnbound, SocketsHttpHandler? settings = null) =>
            tenants.Handlers.CheckLateBoundHandler(name, whileUnbound, settings).Select(fault => fault.Code);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("payments")]
    public async Task ACheck_LeavesTheHandlerToTheCaller(string name)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("orders");
        using var settings = new SocketsHttpHandler();

        Assert.Empty(tenants.Handlers.CheckLateBoundHandler(name, UnboundClientBehavior.Stock, settings));

        settings.MaxConnectionsPerServer = 2;
        using var client = new HttpClient(
            tenants.Handlers.CreateLateBoundHandler(name, UnboundClientBehavior.Stock, settings));
        var answer = await Record.ExceptionAsync(() => GetAsync(client, server));
        Assert.IsNotType<ObjectDisposedException>(answer);
    }

    [Theory]
    [InlineData("orders", false)]
    [InlineData("orders", true)]
    [InlineData("payments", false)]
    [InlineData("payments", true)]
    public async Task ALateBoundHandler_DisposesTheHandlerThatItWasGiven(string name, bool isUsed)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("orders");
        await tenants.ReloadAsync();
        using var given = new SocketsHttpHandler();
        using (var client = new HttpClient(
            tenants.Handlers.CreateLateBoundHandler(name, UnboundClientBehavior.Stock, given)))
        {
            if (isUsed)
            {
                await Record.ExceptionAsync(() => GetAsync(client, server));
            }
        }

        Assert.Throws<ObjectDisposedException>(() => given.MaxConnectionsPerServer = 2);
    }

    [Fact]
    public async Task ASelectingHandler_LeavesItsSettingsToTheCaller()
    {
        await using var tenants = new Tenants("orders");
        using var settings = new SocketsHttpHandler();

        tenants.Handlers.CreateSelectingHandler(settings).Dispose();

        settings.MaxConnectionsPerServer = 2;
    }

    [Fact]
    public async Task AName_MeansForANewHandler_WhatItMeansNow()
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("eu/billing");
        using var first = new HttpClient(
            tenants.Handlers.CreateLateBoundHandler("billing", UnboundClientBehavior.Refuse));
        await GetAsync(first, server);

        tenants.Write("billing", "default");
        await tenants.ReloadAsync();
        using var second = new HttpClient(
            tenants.Handlers.CreateLateBoundHandler("billing", UnboundClientBehavior.Refuse));
        await GetAsync(second, server);
        await GetAsync(first, server);

        // The first handler is bound for good.
        Assert.Equal(
            ["CN=eu/billing", "CN=default", "CN=eu/billing"],
            server.Requests.Select(request => request.ClientCertificate));
    }

    [Fact]
    public async Task TheStatus_NamesAHandlerThatIsRefused_UntilItIsGone()
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("orders");
        using var refused = new HttpClient(
            tenants.Handlers.CreateLateBoundHandler("orders", UnboundClientBehavior.Stock, Trusting()));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(refused, server));

        Assert.Empty(tenants.Handlers.CheckLateBoundHandler("orders", UnboundClientBehavior.Stock));
        using (var good = new HttpClient(
            tenants.Handlers.CreateLateBoundHandler("orders", UnboundClientBehavior.Stock)))
        {
            await GetAsync(good, server);
        }

        Assert.Equal(UpstreamTlsState.Degraded, Status(tenants, "orders").State);
        refused.Dispose();
        Assert.Equal(UpstreamTlsState.UpToDate, Status(tenants, "orders").State);
    }

    [Fact]
    public async Task Check_OfPoliciesThatCannotBeUsed_ListsTheirFaults()
    {
        await using var tenants = new Tenants("orders");
        tenants.Write("bad", config: "minversion: '1.4'");

        Assert.Equal(
            ["FTLS2007"],
            tenants.Handlers.CheckLateBoundHandler("orders", UnboundClientBehavior.Stock).Select(fault => fault.Code));
        using var client = new HttpClient(
            tenants.Handlers.CreateLateBoundHandler("orders", UnboundClientBehavior.Stock));
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(
            new Uri("https://localhost:1/"), Deadline.Token()));
        Assert.StartsWith("FTLS2007", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamesThatComeAndGo_LeaveNothingInTheStatus()
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("orders");
        for (var i = 0; i < 20; i++)
        {
            using var client = new HttpClient(tenants.Handlers.CreateLateBoundHandler(
                $"cluster-{i}", UnboundClientBehavior.GatewayDefault));
            await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, server));
        }

        Assert.Equal(
            ["orders", "handlers without a policy"], tenants.Status.Select(upstream => upstream.Name));
    }

    [Theory]
    [InlineData("check")]
    [InlineData("handler")]
    [InlineData("handler with a request")]
    public async Task AQuestion_OrAHandlerThatIsDisposed_HoldsBackNoPolicyWithoutHttp(string use)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("orders");
        Assert.Empty(tenants.Handlers.CheckLateBoundHandler("orders", UnboundClientBehavior.Refuse));
        if (use != "check")
        {
            using var client = new HttpClient(
                tenants.Handlers.CreateLateBoundHandler("orders", UnboundClientBehavior.Refuse));
            _ = use == "handler" ? null : await GetAsync(client, server);
        }

        tenants.Write("orders", config: "alpn: [mqtt]");
        await tenants.ReloadAsync();

        Assert.Equal(
            (UpstreamTlsState.UpToDate, 2), (Status(tenants, "orders").State, Status(tenants, "orders").Generation));
    }

    [Fact]
    public async Task AHandler_HoldsBackAPolicyWithoutHttp_BeforeItsFirstRequestToo()
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("orders");
        Assert.Empty(tenants.Handlers.CheckLateBoundHandler("orders", UnboundClientBehavior.Refuse));
        using var client = new HttpClient(
            tenants.Handlers.CreateLateBoundHandler("orders", UnboundClientBehavior.Refuse));

        tenants.Write("orders", config: "alpn: [mqtt]");
        await tenants.ReloadAsync();

        Assert.Equal("FTLS7007", Assert.Single(Status(tenants, "orders").Degradation!.Diagnostics).Code);
        Assert.Equal("handler 'orders'", Assert.Single(Status(tenants, "orders").Users).Description);
        Assert.NotEmpty(await GetAsync(client, server));
    }

    [Fact]
    public async Task AHandlerWhosePolicyHasNoHttp_IsRefused_UntilThereIsOne()
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("orders");
        tenants.Write("orders", config: "alpn: [mqtt]");
        using var client = new HttpClient(
            tenants.Handlers.CreateLateBoundHandler("orders", UnboundClientBehavior.Refuse));

        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, server));
        Assert.StartsWith("FTLS7007", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(UpstreamTlsState.Degraded, Status(tenants, "orders").State);
        tenants.Write("orders");
        await tenants.ReloadAsync();
        await GetAsync(client, server);

        Assert.Equal(UpstreamTlsState.UpToDate, Status(tenants, "orders").State);
    }

    private static SocketsHttpHandler Trusting() => new() { SslOptions = { TargetHost = "other" } };

    private static UpstreamTlsStatus Status(Tenants tenants, string name) =>
        tenants.Status.Single(upstream => upstream.Name == name);

    private static Task<string> GetAsync(HttpClient client, HttpUpstream server) =>
        client.GetStringAsync(server.Address, Deadline.Token());

    private static Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.RequireCertificate },
        Deadline.Token());
}
