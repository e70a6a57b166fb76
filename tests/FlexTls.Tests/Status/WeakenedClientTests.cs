using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Status;

/// <summary>Clients that code has weakened are marked among the users.</summary>
public class WeakenedClientTests
{
    [Fact]
    public async Task EachClient_IsNamedOnce_WithWhatIsWeak()
    {
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())));
            services.AddHttpClient("good").AddOutboundTls("orders");
            services.AddHttpClient("plain").AddOutboundTls("orders").DangerousAllowPlainHttp();
            services.AddHttpClient("test").AddOutboundTls("orders")
                .DangerousReplaceOutboundTls(() => new SocketsHttpHandler());
        });
        foreach (var client in (string[])["good", "plain"])
        {
            await clients[client].GetStringAsync(server.Address, Deadline.Token());
        }

        var status = clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();

        Assert.Equal(
            ["client 'good'", "client 'plain' (plain HTTP allowed)", "client 'test' (handler replaced)"],
            status.Users.Select(user => $"{user}"));
        Assert.Equal(
            [("client 'good'", false, false), ("client 'plain'", true, false), ("client 'test'", false, true)],
            status.Users.Select(user => (user.Description, user.AllowsPlainHttp, user.IsReplaced)));
    }
}
