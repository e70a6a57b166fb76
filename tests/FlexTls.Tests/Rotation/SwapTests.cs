using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>After a swap every new request goes under the new policy, whoever had made the client and when.</summary>
public class SwapTests
{
    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task ACapturedClientsNextRequest_ComesOnANewConnectionUnderTheNewCertificate(string alpn)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        Assert.Equal((1, 0), rotation.Counts);

        rotation.Swap(Identities.Policy(2, alpn));
        Assert.Equal((0, 1), rotation.Counts);
        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await rotation["orders"].GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal([Identities.Subject(1), Identities.Subject(2), Identities.Subject(2)], server.Requests.Select(request => request.ClientCertificate));
        Assert.Equal(2, server.Connections);
        Assert.Equal((1, 1), rotation.Counts);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AnIdleConnection_IsClosedASecondAfterTheSwap(string alpn)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, server.OpenConnections);
        rotation.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
        rotation.PassDeadline();
        Assert.Empty(rotation.Log.Warnings);
    }

    [Fact]
    public async Task AnUpstreamThatIsNotReplaced_KeepsItsConnection()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = RotatingUpstream.Of(services =>
        {
            services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Identities.Policy(1)));
            services.AddHttpClient("payments").AddOutboundTls(OutboundTlsPolicy.Create(Identities.Policy(2)));
        });
        await rotation["payments"].GetStringAsync(server.Address, Deadline.Token());

        rotation.Swap(Identities.Policy(3));
        rotation.PassDeadline();
        await rotation["payments"].GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal([Identities.Subject(2), Identities.Subject(2)], server.Requests.Select(request => request.ClientCertificate));
        Assert.Equal(1, server.Connections);
        Assert.Equal(1, rotation.UpstreamOf("payments").Current.OpenConnections);
    }

    [Fact]
    public async Task AHandle_UsesTheNewCertificateFromTheSwapOn()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, "http/1.1"));
        var handle = rotation.Upstream.Context;

        rotation.Swap(Identities.Policy(2, "http/1.1"));
        await using var stream = await handle.ConnectAsync(new System.Net.DnsEndPoint("localhost", server.Port), Deadline.Token());

        Assert.Equal(Identities.Subject(2), stream.LocalCertificate!.Subject);
    }
}
