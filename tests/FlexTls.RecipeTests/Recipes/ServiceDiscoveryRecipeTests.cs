using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Recipes;

/// <summary>docs/recipes/servicediscovery.md, with Kestrel.</summary>
public sealed class ServiceDiscoveryRecipeTests
{
    [Fact]
    public async Task Requests_ShowTheClientCertificate_AndAfterARotationTheNewOne()
    {
        await using var server = await WebServer.StartAsync();
        await using var upstreams = new Upstreams(
            "orders", configure: services => Add(services, "orders", $"https://localhost:{server.Port}"));
        var client = upstreams.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        await client.GetStringAsync("/", Deadline.Token());
        Assert.Equal("CN=first", server.Subject());

        await upstreams.RotateAsync("CN=second");
        await client.GetStringAsync("/", Deadline.Token());

        Assert.Equal("CN=second", server.Subject());
    }

    [Fact]
    public async Task AServerOfAnotherCA_IsRefused()
    {
        await using var server = await WebServer.StartAsync();
        await using var upstreams = new Upstreams(
            "orders",
            configure: services => Add(services, Upstreams.Mistrustful, $"https://localhost:{server.Port}"));
        var client = upstreams.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        Refusals.AssertUntrusted(await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetStringAsync("/", Deadline.Token())), sendsCA: false);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("", "FTLS5021")]
    [InlineData("extensions: { serverName: localhost }", null)]
    public async Task AnAddress_NeedsAServerNameInThePolicy(string config, string? code)
    {
        await using var server = await WebServer.StartAsync();
        await using var upstreams = new Upstreams(
            "orders", config, services => Add(services, "orders", $"https://127.0.0.1:{server.Port}"));
        var client = upstreams.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        var exception = await Record.ExceptionAsync(() => client.GetStringAsync("/", Deadline.Token()));

        if (code is null)
        {
            Assert.Null(exception);
            Assert.Equal("CN=first", server.Subject());
        }
        else
        {
            Refusals.AssertCode(code, exception!);
        }
    }

    [Fact]
    public async Task AnAddressWithoutTls_IsRefused()
    {
        await using var server = await WebServer.StartAsync();
        await using var upstreams = new Upstreams(
            "orders",
            configure: services => Add(
                services, "orders", $"http://localhost:{server.Port}", new Uri("https+http://orders")));
        var client = upstreams.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        Refusals.AssertCode("FTLS6020", await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetStringAsync("/", Deadline.Token())));
        Assert.Equal(0, server.Connections);
    }

    private static void Add(IServiceCollection services, string name, string endPoint, Uri? uri = null)
    {
        var address = uri ?? new Uri("https://orders");
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new($"Services:orders:{new Uri(endPoint).Scheme}:0", endPoint)])
            .Build());

        // <snippet>
        services.AddServiceDiscovery();
        services.AddHttpClient("orders", client => client.BaseAddress = address)
            .AddServiceDiscovery()
            .AddOutboundTls(name);
        // </snippet>
    }
}
