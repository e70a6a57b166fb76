using System.Net;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>The server name on the wire, and the name that the server must prove, are the policy's or the URI's; never the caller's.</summary>
public class ServerNameTests
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:443")]
    [InlineData("127.0.0.1")]
    public async Task TheHostHeader_ChoosesNoServerName(string header)
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer("localhost")), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());

        using var response = await clients["orders"].SendAsync(Request(upstream.Address, header), Deadline.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["localhost"], upstream.ServerNames);
        Assert.Equal((header, Pki.Client.Subject), upstream.Requests.Select(request => (request.Host, request.ClientCertificate)).Single());
    }

    [Fact]
    public async Task TheHostHeader_DoesNotMakeAServerOfThatNameAcceptable()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer(Pki.Host)), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(Request(upstream.Address, Pki.Host), Deadline.Token()));

        Assert.Equal("FTLS5021", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task TheHostHeader_ChoosesNoServerName_WhereTheUpstreamIsAProxyForOthers()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        var proxy = new WebProxy(new Uri($"http://localhost:{upstream.Port}"), BypassOnLocal: false, ["localhost"]);
        await using var clients = ClientHost.Under(Pki.Trusting(), client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { Proxy = proxy }));
        await Record.ExceptionAsync(() => clients["orders"].GetAsync(new Uri("http://elsewhere.example/"), Deadline.Token()));

        using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Address);
        request.Headers.Host = Pki.Host;
        using var response = await clients["orders"].SendAsync(request, Deadline.Token());

        Assert.Equal("localhost", upstream.ServerNames.Last());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task TheServerNameOfThePolicy_IsSentAndVerified_WhateverTheUriSays(string host)
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer(Pki.Host)), Deadline.Token());
        await using var clients = ClientHost.Under(Named(Pki.Host));

        using var response = await clients["orders"].SendAsync(Request(upstream.Address.Under(host), "other.example"), Deadline.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([Pki.Host], upstream.ServerNames);
        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AServerThatHasTheNameOfTheUriAlone_IsNotTheOneOfThePolicy()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer("localhost")), Deadline.Token());
        await using var clients = ClientHost.Under(Named(Pki.Host));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetStringAsync(upstream.Address, Deadline.Token()));

        Assert.Equal(("FTLS5021", Pki.Host), Assert.IsType<TlsHandshakeException>(failed.InnerException) is { } refused ? (refused.Code, refused.TargetHost) : default);
        Assert.Equal([Pki.Host], upstream.ServerNames);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task AnAddress_IsVerifiedAsOne_AndNoServerNameIsSent()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var named = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer("localhost", "127.0.0.1")), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());

        await clients["orders"].GetStringAsync(upstream.Address.Under("127.0.0.1"), Deadline.Token());
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetStringAsync(named.Address.Under("127.0.0.1"), Deadline.Token()));

        Assert.Equal([""], upstream.ServerNames);
        Assert.StartsWith("FTLS502", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code, StringComparison.Ordinal);
        Assert.Empty(named.Requests);
    }

    private static OutboundTlsOptions Named(string serverName)
    {
        var options = Pki.MutualTls();
        options.Extensions = new OutboundTlsExtensionOptions { ServerName = serverName };
        return options;
    }

    private static HttpRequestMessage Request(Uri address, string hostHeader) => new(HttpMethod.Get, address) { Headers = { Host = hostHeader } };
}
