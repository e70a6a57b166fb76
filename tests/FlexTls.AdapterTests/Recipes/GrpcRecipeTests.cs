using FlexTls.Http.Grpc;
using FlexTls.Support;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Recipes;

public class GrpcRecipeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AClient_AndAChannel_AreUnderThePolicy_AndRotate(bool isClient)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants(["orders"], services => GrpcRecipe.AddClient(services, server.Address));
        using var channel = GrpcRecipe.CreateChannel(tenants.All, server.Address);
        var client = isClient ? tenants.All.GetRequiredService<Echo.EchoClient>() : new Echo.EchoClient(channel);

        await AskAsync(client);
        tenants.Write("orders", "renewed");
        await tenants.ReloadAsync();
        await AskAsync(client);

        Assert.Equal(["CN=orders", "CN=renewed"], server.Requests.Select(request => request.ClientCertificate));
    }

    [Fact]
    public async Task AChannelThatBalancesByItself_IsUnderThePolicyThatWasInForce()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await using var tenants = new Tenants("orders");
        using var channel = GrpcRecipe.CreateBalanced(
            tenants.All, "localhost", [new BalancerAddress("127.0.0.1", first.Port), new BalancerAddress("127.0.0.1", second.Port)]);
        var client = new Echo.EchoClient(channel);
        await channel.ConnectAsync(Deadline.Token());

        // Both connections are there soon, and are then used by turns.
        await Deadline.UntilAsync(() =>
        {
            client.Once(new Line { Text = "a" }, cancellationToken: Deadline.Token());
            return !first.Requests.IsEmpty && !second.Requests.IsEmpty;
        });

        Assert.All(first.Requests.Concat(second.Requests), request => Assert.Equal("CN=orders", request.ClientCertificate));

        // The servers are connected to by their addresses, under which there is no SNI.
        Assert.All(first.ServerNames.Concat(second.ServerNames), name => Assert.Equal("", name));
    }

    [Fact]
    public async Task AServerOfAnotherCA_IsRefused()
    {
        await using var server = await StartAsync(isForeign: true);
        await using var tenants = new Tenants("orders");
        using var channel = GrpcRecipe.CreateChannel(tenants.All, server.Address);
        using var balanced = GrpcRecipe.CreateBalanced(
            tenants.All, "localhost", [new BalancerAddress("127.0.0.1", server.Port)]);

        foreach (var client in (Echo.EchoClient[])[new(channel), new(balanced)])
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(() => AskAsync(client));
            Assert.StartsWith("FTLS50", RecipeServer.CodeIn(refusal.Status.DebugException!), StringComparison.Ordinal);
        }

        Assert.Empty(server.Requests);
    }

    private static Task<HttpUpstream> StartAsync(bool isForeign = false) => RecipeServer.StartAsync(
        services => services.AddGrpc(), endpoints => endpoints.MapGrpcService<EchoService>(), isForeign);

    private static async Task AskAsync(Echo.EchoClient client)
    {
        var answer = await client.OnceAsync(new Line { Text = "a" }, cancellationToken: Deadline.Token());
        Assert.Equal("a", answer.Text);
    }

    private sealed class EchoService : Echo.EchoBase
    {
        public override Task<Line> Once(Line request, ServerCallContext context) => Task.FromResult(request);
    }
}
