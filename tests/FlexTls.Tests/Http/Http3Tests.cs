using System.Net;
using System.Net.Sockets;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FlexTls.Http;

/// <summary>QUIC would go past the policy, so no request gets there, whatever the client asks for and the server recommends.</summary>
public class Http3Tests
{
    [Theory]
    [InlineData("h2,http/1.1", "1.1 OrHigher")]
    [InlineData("h2,http/1.1", "2.0 OrHigher")]
    [InlineData("h2,http/1.1", "3.0 OrLower")]
    [InlineData("h2", "2.0 OrHigher")]
    [InlineData("http/1.1", "1.1 OrHigher")]
    [InlineData("http/1.1", "3.0 OrHigher")]
    [InlineData("http/1.1", "3.0 OrLower")]
    [InlineData("h2,http/1.1", "1.0 OrHigher")]
    public async Task AnAlternativeServiceOverQuic_IsNeverTried(string alpn, string wish)
    {
        using var quic = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        quic.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer)
            {
                Respond = context =>
                {
                    context.Response.Headers.AltSvc = $"h3=\":{((IPEndPoint)quic.LocalEndPoint!).Port}\"; ma=3600";
                    return context.Response.WriteAsync(context.Request.Protocol, context.RequestAborted);
                },
            },
            Deadline.Token());
        await using var clients = ClientHost.Under(Policies.With(alpn));

        for (var i = 0; i < 3; i++)
        {
            using var request = Wishes.Request(server.Address, wish);
            using var response = await clients["orders"].SendAsync(request, Deadline.Token());

            Assert.StartsWith("h3=", Assert.Single(response.Headers.GetValues("Alt-Svc")), StringComparison.Ordinal);
            // The two ways into the platform's HTTP/3. Where it lacks QUIC, they alone show what would happen elsewhere.
            Assert.True(request.Version.Major < 3 && request.VersionPolicy != HttpVersionPolicy.RequestVersionOrHigher, $"{request.Version} {request.VersionPolicy}");
        }

        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(0, quic.Available);
    }

    [Theory]
    [InlineData("h2,http/1.1", "3.0 Exact")]
    [InlineData("h2,http/1.1", "3.0 OrHigher")]
    [InlineData("h2", "3.0 Exact")]
    [InlineData("h2", "3.0 OrHigher")]
    public async Task ARequestForHttp3_IsToldThatItIsOutsideThePolicy(string alpn, string wish)
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = ClientHost.Under(Policies.With(alpn));

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(server.Address, wish, Deadline.Token()));

        Assert.Contains("'orders'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP/3 would go past it over QUIC", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Hellos);
    }
}
