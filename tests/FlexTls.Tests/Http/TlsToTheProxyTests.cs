using System.Net;
using System.Security.Authentication;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>A callback of the user's may speak TLS to the proxy: that is no TLS of the upstream.</summary>
public class TlsToTheProxyTests
{
    [Fact]
    public async Task AFailureOnTheWayToTheProxy_IsNotOfTheUpstream()
    {
        await using var clients = ClientHost.Under(Pki.MutualTls(), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler
            {
                Proxy = new WebProxy("http://proxy.example:3128"),
                ConnectCallback = (_, _) => throw new AuthenticationException(
                    "The proxy's certificate is bad.", new IOException("The inner reason.")),
            }));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => clients["orders"].GetStringAsync("https://localhost/", Deadline.Token()));

        Assert.IsType<AuthenticationException>(failed.InnerException);
        var status = clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();
        Assert.Null(status.FailingCode);
        Assert.Empty(status.Failures);
    }
}
