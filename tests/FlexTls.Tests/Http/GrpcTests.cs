using FlexTls.Http.Grpc;
using FlexTls.Support;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>gRPC clients of the factory stand under a policy like any other client, in all four shapes of a call.</summary>
public class GrpcTests
{
    [Theory]
    [InlineData("h2,http/1.1")]
    [InlineData("http/1.1,h2")]
    [InlineData("h2")]
    public async Task EveryShapeOfACall_GoesOverMutualTlsAndIsOfferedHttp2Alone(string alpn)
    {
        await using var server = await StartAsync();
        await using var clients = ClientOf(server.Address, alpn);
        var client = clients.Services.GetRequiredService<Echo.EchoClient>();

        Assert.Equal("one", (await client.OnceAsync(new Line { Text = "one" }, cancellationToken: Deadline.Token())).Text);
        Assert.Equal(["a1", "a2", "a3"], await RepeatedAsync(client));
        Assert.Equal("abc", await JoinedAsync(client));
        Assert.Equal(["x", "y", "z"], await TalkedAsync(client));

        Assert.Equal(4, server.Requests.Count);
        Assert.All(server.Requests, seen => Assert.Equal(("HTTP/2", Pki.Client.Subject), (seen.Protocol, seen.ClientCertificate)));
        Assert.All(server.Hellos, hello => Assert.Equal(["h2"], hello.Alpn));
    }

    [Fact]
    public async Task UnderAPolicyWithoutHttp2_ACallSaysWhy()
    {
        await using var server = await StartAsync();
        await using var clients = ClientOf(server.Address, "http/1.1");
        var client = clients.Services.GetRequiredService<Echo.EchoClient>();

        var failed = await Assert.ThrowsAsync<RpcException>(async () => await client.OnceAsync(new Line(), cancellationToken: Deadline.Token()));

        Assert.Contains("the policy of upstream 'orders' (alpn: http/1.1) does not offer it", failed.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Hellos);
    }

    [Fact]
    public async Task ARefusedServer_IsUnavailableWithOurReason()
    {
        await using var server = await StartAsync();
        await using var clients = ClientOf(server.Address, "h2", Pki.Trusting(Pki.Foreign));
        var client = clients.Services.GetRequiredService<Echo.EchoClient>();

        var failed = await Assert.ThrowsAsync<RpcException>(async () => await client.OnceAsync(new Line(), cancellationToken: Deadline.Token()));

        Assert.Equal("FTLS5003", Assert.IsType<TlsHandshakeException>(failed.Status.DebugException!.InnerException).Code);
        Assert.Contains("FTLS5003", failed.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
            Services = services => services.AddGrpc(),
            Configure = app =>
            {
                app.UseRouting();
#pragma warning disable ASP0014 // A route of the top level would come after the answer that HttpUpstream ends with.
                app.UseEndpoints(endpoints => endpoints.MapGrpcService<EchoService>());
#pragma warning restore ASP0014
            },
        },
        Deadline.Token());

    private static ClientHost ClientOf(Uri address, string alpn, OutboundTlsOptions? options = null) => ClientHost.Create(services =>
    {
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Policies.With(alpn, options ?? Pki.MutualTls()))));
        services.AddGrpcClient<Echo.EchoClient>("orders", client => client.Address = address).AddOutboundTls();
    });

    private static async Task<List<string>> RepeatedAsync(Echo.EchoClient client)
    {
        using var call = client.Repeat(new Line { Text = "a" }, cancellationToken: Deadline.Token());
        return await call.ResponseStream.ReadAllAsync(Deadline.Token()).Select(line => line.Text).ToListAsync(Deadline.Token());
    }

    private static async Task<string> JoinedAsync(Echo.EchoClient client)
    {
        using var call = client.Join(cancellationToken: Deadline.Token());
        foreach (var text in (string[])["a", "b", "c"])
        {
            await call.RequestStream.WriteAsync(new Line { Text = text }, Deadline.Token());
        }

        await call.RequestStream.CompleteAsync();
        return (await call).Text;
    }

    /// <summary>Says a word when the one before has come back: both directions are open at once.</summary>
    private static async Task<List<string>> TalkedAsync(Echo.EchoClient client)
    {
        using var call = client.Talk(cancellationToken: Deadline.Token());
        var heard = new List<string>();
        foreach (var text in (string[])["x", "y", "z"])
        {
            await call.RequestStream.WriteAsync(new Line { Text = text }, Deadline.Token());
            Assert.True(await call.ResponseStream.MoveNext(Deadline.Token()));
            heard.Add(call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Deadline.Token()));
        return heard;
    }
}
