using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Http;

/// <summary>The policy's <c>alpn</c> decides the HTTP version: every kind of request, list and server.</summary>
public class VersionTableTests(HttpServers servers) : IClassFixture<HttpServers>
{
    [Theory]
    [MemberData(nameof(VersionTable.Rows), MemberType = typeof(VersionTable))]
    public async Task ARequest_GetsTheVersionOfItsPolicy(string alpn, string request, HttpProtocols protocols, string? offered, string? seen)
    {
        await using var server = await HttpServers.StartAsync(protocols);
        await using var clients = ClientHost.Under(Policies.With(alpn));

        if (seen is null)
        {
            var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(server.Address, request, Deadline.Token()));

            // A server that speaks HTTP/2 alone closes when it is asked without ALPN, after the handshake: that is no failure
            // of ours. The platform calls it Unknown where the request came first, so that the connection is reset.
            HttpRequestError[] errors = offered switch
            {
                null => [HttpRequestError.VersionNegotiationError],
                "" => [HttpRequestError.ResponseEnded, HttpRequestError.Unknown],
                _ => [HttpRequestError.SecureConnectionError],
            };
            Assert.Contains(failed.HttpRequestError, errors);
            Assert.True(offered is "" || failed.Message.Contains("'orders'", StringComparison.Ordinal), failed.Message);
            Assert.Empty(server.Requests);
        }
        else
        {
            Assert.Equal(seen, await clients["orders"].SendAsync(server.Address, request, Deadline.Token()));
            Assert.Equal(seen, Assert.Single(server.Requests).Protocol);
        }

        // The platform tries again where a server closes without an answer. Where a server chose HTTP/1.1, it may make one more
        // connection to have in reserve, and is offered nothing else from then on.
        var made = server.Hellos.Select(hello => string.Join(',', hello.Alpn)).Distinct().ToList();
        if (seen is "HTTP/1.1" && offered is "h2,http/1.1" or "http/1.1,h2")
        {
            made.Remove("http/1.1");
        }

        Assert.Equal(offered is null ? [] : [offered], made);
    }

    [Theory]
    [InlineData("h2", "1.1 Exact")]
    [InlineData("h2,http/1.1", "3.0 Exact")]
    [InlineData("http/1.1", "2.0 Exact")]
    public async Task ARefusedRequest_MakesNoConnection(string alpn, string request)
    {
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        try
        {
            await using var clients = ClientHost.Under(Policies.With(alpn));
            var address = new Uri($"https://localhost:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}/");

            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(address, request, Deadline.Token()));

            Assert.Contains($"upstream 'orders' (alpn: {alpn.Replace(",", ", ", StringComparison.Ordinal)})", refused.Message, StringComparison.Ordinal);
            Assert.False(listener.Pending());
        }
        finally
        {
            listener.Stop();
        }
    }

    [Theory]
    [InlineData("h2,http/1.1", "HTTP/2")]
    [InlineData("h2", "HTTP/2")]
    [InlineData("http/1.1", "HTTP/1.1")]
    public async Task AnUntouchedRequest_AndTheShortMethods_GetThePreferredVersion(string alpn, string seen)
    {
        var server = servers[HttpProtocols.Http1AndHttp2];
        await using var clients = ClientHost.Under(Policies.With(alpn));
        using var request = new HttpRequestMessage { RequestUri = server.Address };

        using var response = await clients["orders"].SendAsync(request, Deadline.Token());
        using var posted = await clients["orders"].PostAsync(server.Address, new StringContent("text"), Deadline.Token());

        Assert.Equal(seen, await clients["orders"].GetStringAsync(server.Address, Deadline.Token()));
        Assert.Equal(seen, await response.Content.ReadAsStringAsync(Deadline.Token()));
        Assert.Equal("text", await posted.Content.ReadAsStringAsync(Deadline.Token()));
        Assert.Equal(response.Version, posted.Version);
        Assert.Equal(seen, $"HTTP/{(response.Version.Major == 2 ? "2" : response.Version)}");
    }

    [Fact]
    public async Task SynchronousSendOfHttp2_IsRefusedAsThePlatformRefusesIt()
    {
        await using var clients = ClientHost.Under(Policies.With("h2,http/1.1"));
        var client = clients["orders"];

        foreach (var wish in (string[])["2.0 Exact", "2.0 OrLower", "1.1 OrHigher"])
        {
            using var request = Wishes.Request(servers[HttpProtocols.Http1AndHttp2].Address, wish);
            Assert.Throws<NotSupportedException>(() => client.Send(request, Deadline.Token()));
        }
    }

    [Fact]
    public async Task AnUpgradeOnARequestThatMustBeHttp2_IsRefused()
    {
        await using var clients = ClientHost.Under(Policies.With("h2,http/1.1"));
        using var request = Wishes.Request(servers[HttpProtocols.Http1AndHttp2].Address, "2.0 Upgrade");
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(request, Deadline.Token()));

        Assert.Equal(HttpRequestError.VersionNegotiationError, refused.HttpRequestError);
        Assert.Contains("with an Upgrade header", refused.Message, StringComparison.Ordinal);
    }
}
