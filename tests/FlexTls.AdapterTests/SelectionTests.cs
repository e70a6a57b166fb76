using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>One client for many identities: each request chooses its upstream.</summary>
public class SelectionTests : SelectionContext
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EachRequest_HasTheIdentityThatItChooses_OnConnectionsOfItsOwn(bool isNamedClient)
    {
        await using var server = await StartAsync();
        await using var tenants = Create();
        using var client = isNamedClient
            ? tenants.Client("tenants") : new HttpClient(tenants.Handlers.CreateSelectingHandler());

        foreach (var tenant in (string[])["tenant-1", "tenant-2", "tenant-1", "default/tenant-2"])
        {
            await SendAsync(client, server, tenant);
        }

        Assert.Equal(
            ["CN=tenant-1", "CN=tenant-2", "CN=tenant-1", "CN=tenant-2"],
            server.Requests.Select(request => request.ClientCertificate));
        Assert.Equal(2, server.Connections);
        Assert.All(tenants.Status, tenant => Assert.Equal(1, tenant.OpenConnections));
    }

    [Fact]
    public async Task AChangedIdentity_IsThatOfItsOwnTenantOnly()
    {
        await using var server = await StartAsync();
        await using var tenants = Create();
        using var client = tenants.Client("tenants");
        await SendAsync(client, server, "tenant-1");
        await SendAsync(client, server, "tenant-2");

        tenants.Write("tenant-1", "renewed");
        await tenants.ReloadAsync();
        await SendAsync(client, server, "tenant-1");
        await SendAsync(client, server, "tenant-2");

        Assert.Equal(["CN=renewed", "CN=tenant-2"], Subjects(server).Skip(2));
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task ATenantThatComesLater_CanBeChosenAtOnce()
    {
        await using var server = await StartAsync();
        await using var tenants = Create();
        using var client = tenants.Client("tenants");
        Assert.Equal("FTLS7001", (await RefusalAsync(client, server, "tenant-3")).Code);

        tenants.Write("tenant-3");
        await tenants.ReloadAsync();
        await SendAsync(client, server, "tenant-3");

        Assert.Equal(["CN=tenant-3"], Subjects(server));
    }

    [Fact]
    public async Task ANameThatIsNoLongerClear_IsRefused()
    {
        await using var server = await StartAsync();
        await using var tenants = Create("eu/tenant");
        using var client = tenants.Client("tenants");
        await SendAsync(client, server, "tenant");

        tenants.Write("us/tenant");
        await tenants.ReloadAsync();

        Assert.Equal("FTLS7002", (await RefusalAsync(client, server, "tenant")).Code);
        await SendAsync(client, server, "us/tenant");
        Assert.Equal(["CN=eu/tenant", "CN=us/tenant"], Subjects(server));
    }

    [Fact]
    public async Task WithoutAChoice_AClientHasItsOwnPolicy()
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants(Names, services =>
            services.AddHttpClient("tenants").AddOutboundTls("tenant-2").AllowUpstreamSelection());
        using var client = tenants.Client("tenants");

        await SendAsync(client, server, null);
        await SendAsync(client, server, "tenant-1");

        Assert.Equal(["CN=tenant-2", "CN=tenant-1"], Subjects(server));
    }

    [Fact]
    public async Task AHeader_NeverChooses()
    {
        await using var server = await StartAsync();
        await using var tenants = Create();
        using var client = tenants.Client("tenants");
        using var request = Request(server, "tenant-1");
        request.Headers.Add(OutboundTlsRequest.Upstream.Key, "tenant-2");

        using var response = await client.SendAsync(request, Deadline.Token());

        Assert.Equal(["CN=tenant-1"], Subjects(server));
    }

    [Theory]
    [InlineData("clients")]
    [InlineData("handlers")]
    [InlineData("contexts")]
    public async Task Cookies_StayWithTheIdentityThatGotThem_IfHandlersHaveTheSameSettings(string kind)
    {
        await using var server = await StartAsync(RespondWithCookieAsync);
        using var settings = new SocketsHttpHandler();
        await using var tenants = new Tenants(Names, services => services.ConfigureHttpClientDefaults(client =>
            client.AddOutboundTls().ConfigurePrimaryHttpMessageHandler(() => settings)));
        var contexts = tenants.All.GetRequiredService<IOutboundTlsContextProvider>();
        HttpClient Create(string name) => kind switch
        {
            "clients" => tenants.Client(name),
            "handlers" => new HttpClient(tenants.Handlers.CreateHandler(name, settings)),
            _ => new HttpClient(new OutboundTlsHandler(contexts.GetContext(name), settings)),
        };
        using var one = Create("tenant-1");
        using var two = Create("tenant-2");

        await SendAsync(one, server, null);
        var second = await SendAsync(two, server, null);
        var first = await SendAsync(one, server, null);

        Assert.Equal(["", "tenant-1"], [second, first]);
        Assert.Single(settings.CookieContainer.GetAllCookies());
    }

    [Fact]
    public async Task Cookies_StayWithTheIdentityThatGotThem()
    {
        await using var server = await StartAsync(RespondWithCookieAsync);
        await using var tenants = Create();
        using var client = tenants.Client("tenants");

        await SendAsync(client, server, "tenant-1");
        var second = await SendAsync(client, server, "tenant-2");
        var first = await SendAsync(client, server, "tenant-1");

        Assert.Equal(["", "tenant-1"], [second, first]);
    }

    [Fact]
    public async Task ASynchronousRequest_Chooses()
    {
        await using var server = await StartAsync();
        await using var tenants = Create();
        using var client = tenants.Client("tenants");
        using var request = Request(server, "tenant-2");

        using var response = client.Send(request, Deadline.Token());

        Assert.Equal(["CN=tenant-2"], Subjects(server));
    }

    /// <summary>Gives each identity a cookie, and answers with those of the request.</summary>
    private static Task RespondWithCookieAsync(HttpContext context)
    {
        context.Response.Cookies.Append("session", context.Connection.ClientCertificate!.Subject[3..]);
        return context.Response.WriteAsync(string.Join(';', context.Request.Cookies.Select(cookie => cookie.Value)));
    }
}
