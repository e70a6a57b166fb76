using FlexTls.Support;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>Who disposes the handlers that a factory of handlers is given.</summary>
public class HandlerOwnershipTests
{
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

    private static Task<string> GetAsync(HttpClient client, HttpUpstream server) =>
        client.GetStringAsync(server.Address, Deadline.Token());

    private static Task<HttpUpstream> StartAsync() =>
        HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
}
