using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Recipes;

public class SignalRRecipeTests
{
    [Fact]
    public async Task AConnection_IsUnderThePolicy_AlsoItsWebSocket_AndTheNextOneRotates()
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("orders");

        await AskAsync(tenants, server);
        tenants.Write("orders", "renewed");
        await tenants.ReloadAsync();
        await AskAsync(tenants, server);

        // Each connection: a negotiation, and the WebSocket.
        Assert.Equal(
            ["/hub/negotiate", "/hub", "/hub/negotiate", "/hub"], server.Requests.Select(request => request.Path));
        Assert.Equal(
            ["CN=orders", "CN=orders", "CN=renewed", "CN=renewed"],
            server.Requests.Select(request => request.ClientCertificate));
    }

    [Fact]
    public async Task AServerOfAnotherCA_IsRefused()
    {
        await using var server = await StartAsync(isForeign: true);
        await using var tenants = new Tenants("orders");

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(tenants, server));

        Assert.StartsWith("FTLS50", RecipeServer.CodeIn(refusal), StringComparison.Ordinal);
    }

    private static Task<HttpUpstream> StartAsync(bool isForeign = false) => RecipeServer.StartAsync(
        services => services.AddSignalR(), endpoints => endpoints.MapHub<EchoHub>("/hub"), isForeign);

    private static async Task AskAsync(Tenants tenants, HttpUpstream server)
    {
        await using var connection = SignalRRecipe.CreateConnection(tenants.All, new Uri(server.Address, "/hub"));
        await connection.StartAsync(Deadline.Token());
        Assert.Equal("hello", await connection.InvokeAsync<string>("Say", "hello", Deadline.Token()));
    }

    private sealed class EchoHub : Hub
    {
        public Task<string> Say(string text) => Context.ConnectionAborted.IsCancellationRequested
            ? Task.FromCanceled<string>(Context.ConnectionAborted) : Task.FromResult(text);
    }
}
