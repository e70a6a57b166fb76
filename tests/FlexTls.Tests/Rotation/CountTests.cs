using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>A connection is counted from its handshake to its end, once, whoever ends it.</summary>
public class CountTests
{
    [Fact]
    public async Task AConnectionThatTheServerCloses_IsNotCountedAnyMore()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Respond = context =>
            {
                context.Response.Headers.Connection = "close";
                return Task.CompletedTask;
            },
        }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, "http/1.1"));

        for (var i = 0; i < 3; i++)
        {
            await rotation.Client.GetStringAsync(server.Address, Deadline.Token());
            Assert.Equal((0, 0), rotation.Counts);
        }

        Assert.Equal(3, server.Connections);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task HandshakesThatFail_AreNotCounted(string alpn)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));

        for (var number = 2; number < 5; number++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => rotation.Client.GetStringAsync(server.Address, Deadline.Token()));
            Assert.Equal((0, 0), rotation.Counts);
            rotation.Swap(Identities.Policy(number, alpn));
            rotation.PassGrace();
        }
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AClientCertificateThatTheServerRefusesAfterTheHandshake_LeavesNothingCounted(string alpn)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
            TrustsClient = certificate => certificate.Subject != Identities.Subject(1),
        }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));

        await Assert.ThrowsAsync<HttpRequestException>(() => rotation.Client.GetStringAsync(server.Address, Deadline.Token()));
        Assert.Equal((0, 0), rotation.Counts);
        rotation.Swap(Identities.Policy(2, alpn));
        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal((1, 0), rotation.Counts);
        rotation.PassDeadline();
        Assert.Equal((1, 0), rotation.Counts);
    }

    [Fact]
    public async Task TwoHandlersOfOneUpstream_AreCountedTogether()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = RotatingUpstream.Of(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Identities.Policy(1))));
            services.AddHttpClient("orders").AddOutboundTls();
            services.AddHttpClient("other").AddOutboundTls("orders");
        });
        await rotation["orders"].GetStringAsync(server.Address, Deadline.Token());
        await rotation["other"].GetStringAsync(server.Address, Deadline.Token());
        Assert.Equal((2, 0), rotation.Counts);

        rotation.Swap(Identities.Policy(2));
        Assert.Equal((0, 2), rotation.Counts);
        await rotation["other"].GetStringAsync(server.Address, Deadline.Token());
        Assert.Equal((1, 2), rotation.Counts);
        rotation.PassGrace();

        foreach (var old in server.Requests.Take(2))
        {
            await server.EndOfAsync(old.ConnectionId, Deadline.Token());
        }

        Assert.Equal((1, 0), rotation.Counts);
        Assert.Equal(Identities.Subject(2), server.Requests.Last().ClientCertificate);
    }
}
