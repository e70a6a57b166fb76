using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>Choices that are not followed: the request is not sent.</summary>
public class RefusedSelectionTests : SelectionContext
{
    [Theory]
    [InlineData("tenant-9", "FTLS7001")]
    [InlineData("Tenant-1", "FTLS7001")]
    [InlineData("", "FTLS7004")]
    [InlineData(null, "FTLS7004")]
    [InlineData("../tenant-1", "FTLS7004")]
    public async Task ANameWithoutAPolicy_IsRefused(string? name, string code)
    {
        await using var server = await StartAsync();
        await using var tenants = Create();
        using var client = tenants.Client("tenants");

        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        request.Options.Set(OutboundTlsRequest.Upstream, name!);
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Deadline.Token()));
        Assert.StartsWith(code, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task WhilePoliciesCannotBeUsed_TheClientCannotBeCreated_AsOthers()
    {
        await using var tenants = Create();
        tenants.Write("tenant-1", config: "minversion: '1.4'");

        var refusal = Assert.Throws<TlsPolicyException>(() => tenants.Client("tenants"));

        Assert.Contains(refusal.Diagnostics, fault => fault.Code == "FTLS2007");
    }

    [Fact]
    public async Task AVeryLongName_IsRefusedWithoutBeingRead()
    {
        await using var server = await StartAsync();
        await using var tenants = Create();
        using var client = tenants.Client("tenants");

        var refusal = await RefusalAsync(client, server, new string('/', 1 << 20));

        Assert.Equal("FTLS7004", refusal.Code);
        Assert.InRange(refusal.Message.Length, 0, 1000);
    }

    [Theory]
    [InlineData(UnboundClientBehavior.Stock)]
    [InlineData(UnboundClientBehavior.GatewayDefault)]
    [InlineData(UnboundClientBehavior.Refuse)]
    public async Task WithoutAChoice_AClientWithoutAPolicyOfItsOwn_Refuses(UnboundClientBehavior unbound)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants(Names, services =>
        {
            services.AddOutboundTls(tls => tls.UnboundClients = unbound);
            services.AddHttpClient("tenants").AllowUpstreamSelection();
        });
        using var named = tenants.Client("tenants");
        using var created = new HttpClient(tenants.Handlers.CreateSelectingHandler());

        Assert.Equal("FTLS7029", (await RefusalAsync(named, server, null)).Code);
        Assert.Equal("FTLS7029", (await RefusalAsync(created, server, null)).Code);
        Assert.Equal(0, server.Connections);

        await SendAsync(named, server, "tenant-1");
        Assert.Equal(["CN=tenant-1"], Subjects(server));
    }

    [Theory]
    [InlineData("Tenants", "FTLS7001")]
    [InlineData("tenant", "FTLS7030")]
    [InlineData("other", "FTLS7030")]
    [InlineData("", "FTLS7030")]
    public async Task WhereOneClientMayChoose_RequestsOfOthersThatChooseAreRefused(string name, string code)
    {
        await using var server = await StartAsync();
        await using var tenants = Create();
        using var client = tenants.Client("other");
        try
        {
            using var other = tenants.Client(name);
            Assert.Equal(code, (await RefusalAsync(other, server, "tenant-1")).Code);
        }
        catch (TlsPolicyException e)
        {
            Assert.Equal(code, e.Diagnostics[0].Code);
        }

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task WhereNoClientMayChoose_ARequestThatChoosesIsRefused_AndThePrimaryHandlerStaysTheUsers()
    {
        await using var server = await StartAsync();
        var primary = new SocketsHttpHandler();
        HttpMessageHandler? found = null;
        await using var tenants = new Tenants(Names, services => services.AddHttpClient("plain")
            .ConfigurePrimaryHttpMessageHandler(() => primary)
            .ConfigureAdditionalHttpMessageHandlers((_, _) => { })
            .ConfigurePrimaryHttpMessageHandler((handler, _) => found = handler));
        using var client = tenants.Client("plain");

        Assert.Equal("FTLS7030", (await RefusalAsync(client, server, "tenant-1")).Code);
        Assert.Equal(0, server.Connections);
        Assert.Same(primary, found);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AHandlerThatASelectingClientSharesWithAnother_SendsNothingOfIt(bool hasDefaultCall)
    {
        await using var server = await StartAsync();
        using var shared = new Shared { InnerHandler = new SocketsHttpHandler() };
        await using var tenants = new Tenants(Names, services =>
        {
            if (hasDefaultCall)
            {
                services.ConfigureHttpClientDefaults(all => all.AddOutboundTls());
            }

            services.AddHttpClient("first").ConfigurePrimaryHttpMessageHandler(() => shared);
            services.AddHttpClient("tenants").ConfigurePrimaryHttpMessageHandler(() => shared).AllowUpstreamSelection();
        });
        using var first = tenants.Client("first");

        var refusal = Assert.Throws<TlsPolicyException>(() => tenants.Client("tenants"));

        Assert.Equal("FTLS7014", refusal.Diagnostics[0].Code);
        Assert.Equal(0, server.Connections);
    }

    private sealed class Shared : DelegatingHandler;

    [Fact]
    public async Task AnAmbiguousNameOfTheClientItself_DoesNotConcernRequestsThatChoose()
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants(Names, services =>
        {
            services.ConfigureHttpClientDefaults(all => all.AddOutboundTls());
            services.AddHttpClient("tenants").AllowUpstreamSelection();
        });
        using var client = tenants.Client("tenants");
        await SendAsync(client, server, "tenant-1");

        tenants.Write("eu/tenants");
        tenants.Write("us/tenants");
        await tenants.ReloadAsync();
        await SendAsync(client, server, "tenant-1");
        Assert.Equal("FTLS7002", (await RefusalAsync(client, server, null)).Code);

        Assert.Equal(["CN=tenant-1", "CN=tenant-1"], Subjects(server));
    }

    [Theory]
    [InlineData("bound")]
    [InlineData("stock")]
    [InlineData("defaults")]
    [InlineData("handler")]
    [InlineData("context")]
    public async Task WhereItIsNotAllowed_ARequestThatChoosesIsRefused(string kind)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants(Names, services =>
        {
            services.AddHttpClient("bound").AddOutboundTls("tenant-1");
            services.AddHttpClient("defaults");
            services.ConfigureHttpClientDefaults(all => all.AddOutboundTls());
        });
        using var client = kind switch
        {
            "handler" => new HttpClient(tenants.Handlers.CreateHandler("tenant-1")),
            "stock" => new HttpClient(tenants.Handlers.CreateLateBoundHandler("none", UnboundClientBehavior.Stock)),
            "context" => new HttpClient(new OutboundTlsHandler(
                tenants.All.GetRequiredService<IOutboundTlsContextProvider>().GetContext("tenant-1"))),
            _ => tenants.Client(kind),
        };

        var refusal = await RefusalAsync(client, server, "tenant-2");
        Assert.Equal(("FTLS7030", kind is "stock" or "defaults" ? null : "tenant-1"), (refusal.Code, refusal.Upstream));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task AHandlerWithTlsSettings_IsRefused()
    {
        await using var tenants = new Tenants(Names, services => services.AddHttpClient("tenants")
            .ConfigurePrimaryHttpMessageHandler(WithTls).AllowUpstreamSelection());

        using var settings = WithTls();
        Assert.Throws<ArgumentException>(() => tenants.Handlers.CreateSelectingHandler(settings));
        var refusal = Assert.Throws<TlsPolicyException>(() => tenants.Client("tenants"));
        Assert.Equal("FTLS7006", Assert.Single(refusal.Diagnostics).Code);
    }

    private static SocketsHttpHandler WithTls() => new() { SslOptions = { TargetHost = "other" } };
}
