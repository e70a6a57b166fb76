using FlexTls.Http;
using FlexTls.Http.Grpc;
using FlexTls.Support;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>A stream of gRPC that was open at the swap goes on to its end, or is ended at the deadline and told why.</summary>
public class GrpcStreamTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task AStream_GoesOnOverTheSwapAndTheEndOfItsPool()
    {
        await using var server = await StartAsync();
        await using var rotation = ClientOf(server.Address);
        using var call = Open(rotation);
        Assert.Equal("before", await NextAsync(call));

        rotation.Swap(Identities.Policy(2));
        rotation.PassGrace();
        _gate.Open();

        Assert.Equal("after", await NextAsync(call));
        Assert.False(await call.ResponseStream.MoveNext(Deadline.Token()));
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal(Identities.Subject(1), Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AStreamThatLastsLonger_IsEndedAtTheDeadlineWithTheReason()
    {
        await using var server = await StartAsync();
        await using var rotation = ClientOf(server.Address);
        using var call = Open(rotation);
        Assert.Equal("before", await NextAsync(call));
        var pending = NextAsync(call);

        rotation.Swap(Identities.Policy(2));
        rotation.PassDeadline();

        var failed = await Assert.ThrowsAsync<RpcException>(() => pending);
        AnswerTests.AssertReason(failed);
        Assert.Contains("FTLS6014", failed.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Unavailable, failed.StatusCode);
        await server.EndOfAllAsync(Deadline.Token());
        AnswerTests.AssertOneWarning(rotation, 1);
    }

    [Fact]
    public async Task ACallAfterTheSwap_GoesUnderTheNewCertificateBesideAStreamThatIsOpen()
    {
        await using var server = await StartAsync();
        await using var rotation = ClientOf(server.Address);
        var client = rotation.Host.Services.GetRequiredService<Echo.EchoClient>();
        using var call = Open(rotation);
        Assert.Equal("before", await NextAsync(call));

        rotation.Swap(Identities.Policy(2));
        await client.OnceAsync(new Line { Text = "one" }, cancellationToken: Deadline.Token());
        _gate.Open();

        Assert.Equal("after", await NextAsync(call));
        Assert.Equal([Identities.Subject(1), Identities.Subject(2)], server.Requests.Select(request => request.ClientCertificate));
    }

    private static AsyncServerStreamingCall<Line> Open(RotatingUpstream rotation) =>
        rotation.Host.Services.GetRequiredService<Echo.EchoClient>().Repeat(new Line(), cancellationToken: Deadline.Token());

    private static async Task<string> NextAsync(AsyncServerStreamingCall<Line> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Deadline.Token()));
        return call.ResponseStream.Current.Text;
    }

    private static RotatingUpstream ClientOf(Uri address) => RotatingUpstream.Of(services =>
    {
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Identities.Policy(1))));
        services.AddGrpcClient<Echo.EchoClient>("orders", client => client.Address = address).AddOutboundTls();
    });

    private Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(Loopbacks.Asking() with
    {
        Services = services =>
        {
            services.AddSingleton(_gate);
            services.AddGrpc();
        },
        Configure = app =>
        {
            app.UseRouting();
#pragma warning disable ASP0014 // A route of the top level would come after the answer that HttpUpstream ends with.
            app.UseEndpoints(endpoints => endpoints.MapGrpcService<GatedEchoService>());
#pragma warning restore ASP0014
        },
    }, Deadline.Token());
}
