using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Refit;
using Xunit;

namespace FlexTls.Recipes;

/// <summary>docs/recipes/refit.md, with Kestrel.</summary>
public sealed class RefitRecipeTests
{
    public interface IOrdersApi
    {
        [Get("/orders/{id}")]
        [Headers("Authorization: Bearer")]
        Task<string> GetAsync(int id, CancellationToken cancellationToken);
    }

    [Fact]
    public async Task Calls_ShowTheClientCertificate_AndAfterARotationTheNewOne()
    {
        await using var server = await WebServer.StartAsync();
        await using var upstreams = new Upstreams("orders", configure: services => Add(services, "orders", server));
        var orders = upstreams.Services.GetRequiredService<IOrdersApi>();

        // The settings' own handlers are kept.
        Assert.Equal("Bearer token", await orders.GetAsync(1, Deadline.Token()));
        Assert.Equal("CN=first", server.Subject());

        await upstreams.RotateAsync("CN=second");
        await orders.GetAsync(2, Deadline.Token());

        Assert.Equal("CN=second", server.Subject());
    }

    [Fact]
    public async Task AServerOfAnotherCA_IsRefused()
    {
        await using var server = await WebServer.StartAsync();
        await using var upstreams = new Upstreams(
            "orders", configure: services => Add(services, Upstreams.Mistrustful, server));
        var orders = upstreams.Services.GetRequiredService<IOrdersApi>();

        Refusals.AssertUntrusted(
            await Assert.ThrowsAsync<ApiRequestException>(() => orders.GetAsync(1, Deadline.Token())), sendsCA: false);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task ItsOwnPrimaryHandler_CannotBeUnderAPolicy()
    {
        await using var upstreams = new Upstreams("orders", configure: services => services
            .AddRefitGeneratedClient<IOrdersApi>(WithToken())
            .ConfigureHttpClient(client => client.BaseAddress = new Uri("https://localhost"))
            .AddOutboundTls("orders"));

        var exception = Assert.Throws<TlsPolicyException>(() => upstreams.Services.GetRequiredService<IOrdersApi>());

        Assert.Equal("FTLS7005", exception.Diagnostics.Single().Code);
    }

    private static void Add(IServiceCollection services, string name, HttpUpstream server)
    {
        var address = server.Address;
        var settings = WithToken();

        // <snippet>
        settings.HttpMessageHandlerFactory = () => new SocketsHttpHandler();
        services.AddRefitGeneratedClient<IOrdersApi>(settings)
            .ConfigureHttpClient(client => client.BaseAddress = address)
            .AddOutboundTls(name);
        // </snippet>
    }

    private static RefitSettings WithToken() =>
        new() { AuthorizationHeaderValueGetter = (_, _) => ValueTask.FromResult("token") };
}
