using System.Net;
using System.Security.Authentication;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Http;

/// <summary>A handler of a fixed context, without services: what the server sees is the policy's.</summary>
public class OutboundTlsHandlerTests
{
    private const HttpVersionPolicy Exact = HttpVersionPolicy.RequestVersionExact;
    private const HttpVersionPolicy OrLower = HttpVersionPolicy.RequestVersionOrLower;

    [Theory]
    [InlineData("1.1", Exact, HttpProtocols.Http1AndHttp2, "HTTP/1.1")]
    [InlineData("2.0", Exact, HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData("2.0", OrLower, HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData("2.0", OrLower, HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrHigher, HttpProtocols.Http1AndHttp2, "HTTP/2")]
    public async Task ARequest_GetsTheProtocolThatItAsksForWithinThePolicy(string version, HttpVersionPolicy policy, HttpProtocols server, string seen)
    {
        var context = Pki.Context(Pki.Trusting());
        await using var upstream = await HttpUpstream.StartAsync(Pki.EcServer, server, Deadline.Token());
        using var client = Client(context);

        Assert.Equal(seen, await GetAsync(client, upstream.Address, version, policy));
        Assert.Equal(seen, await GetAsync(client, upstream.Address, version, policy));
        Assert.All(upstream.ServerNames, name => Assert.Equal("localhost", name));
    }

    [Fact]
    public async Task AfterAnAnswerWithoutHttp2_LaterRequestsOfTheSameAuthorityAreOfferedHttp11()
    {
        var context = Pki.Context(Pki.Trusting());
        await using var upstream = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1, Deadline.Token());
        using var client = Client(context);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetAsync(client, upstream.Address, "2.0", OrLower)));

        Assert.All(answers, answer => Assert.Equal("HTTP/1.1", answer));
    }

    [Fact]
    public async Task AnHttp11Request_DoesNotTakeHttp2FromLaterOnes()
    {
        var context = Pki.Context(Pki.Trusting());
        await using var upstream = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1AndHttp2, Deadline.Token());
        using var client = Client(context);

        Assert.Equal("HTTP/1.1", await GetAsync(client, upstream.Address, "1.1", Exact));
        Assert.Equal("HTTP/2", await GetAsync(client, upstream.Address, "2.0", OrLower));
    }

    [Fact]
    public async Task TheHostHeader_ChoosesNeitherTheServerNameNorTheNameThatIsVerified()
    {
        var context = Pki.Context(Pki.Trusting());
        await using var upstream = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1, Deadline.Token());
        using var client = Client(context);
        using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Address);
        request.Headers.Host = "evil.example";

        using var response = await client.SendAsync(request, Deadline.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        // The platform may open another connection.
        Assert.Equal(["localhost"], upstream.ServerNames.Distinct());
    }

    [Fact]
    public async Task ARequestOutsideThePolicysProtocols_IsRefusedBeforeAnyTls()
    {
        var options = Pki.Trusting();
        options.Alpn = ["h2"];
        var context = Pki.Context(options, "orders");
        await using var upstream = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1AndHttp2, Deadline.Token());
        using var client = Client(context);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, upstream.Address, "1.1", Exact));

        Assert.Contains("orders", refused.ToString(), StringComparison.Ordinal);
        Assert.Empty(upstream.ServerNames);
    }

    [Fact]
    public async Task ARefusedServer_IsASecureConnectionErrorWithOurReasonInside()
    {
        var context = Pki.Context(Pki.Trusting(Pki.Foreign));
        await using var upstream = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1AndHttp2, Deadline.Token());
        using var client = Client(context);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, upstream.Address, "1.1", OrLower));

        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        Assert.Equal("FTLS5003", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
    }

    [Fact]
    public async Task ThroughAProxy_TheServerIsTheTunnels()
    {
        var context = Pki.Context(Pki.MutualTls(), "orders");
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var proxy = RecordingProxy.Start();
        using var client = new HttpClient(new OutboundTlsHandler(
            context, new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }));

        await client.GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
        Assert.Single(proxy.Destinations);
    }

    [Fact]
    public async Task ARedirectToAnotherAuthority_IsFollowedWithoutTheClientCertificate()
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with
            {
                Respond = response =>
                {
                    response.Response.Redirect($"{target.Address}");
                    return Task.CompletedTask;
                },
            },
            Deadline.Token());
        using var client = Client(Pki.Context(Pki.MutualTls()));

        using var answer = await client.GetAsync(front.Address, Deadline.Token());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Pki.Client.Subject, Assert.Single(front.Requests).ClientCertificate);
        Assert.Null(Assert.Single(target.Requests).ClientCertificate);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task APlainRequest_IsRefused_UnlessThePolicyAllowsIt(bool isAllowed)
    {
        var options = Pki.Trusting();
        options.Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = isAllowed };
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer) { IsPlain = true, Protocols = HttpProtocols.Http1 }, Deadline.Token());
        using var client = Client(Pki.Context(options));

        var failed = await Record.ExceptionAsync(() => GetAsync(client, upstream.Address, "1.1", Exact));

        Assert.Equal(isAllowed ? null : "FTLS6020", (failed?.InnerException as TlsHandshakeException)?.Code);
        Assert.Equal(isAllowed ? 1 : 0, upstream.Requests.Count);
    }

    [Fact]
    public async Task TheSettingsOfAHandler_AreKept_AndTheHandlerItselfIsNotUsed()
    {
        await using var upstream = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1, Deadline.Token());
        var calls = 0;
        using var settings = new SocketsHttpHandler
        {
            ConnectCallback = async (connection, ct) =>
            {
                calls++;
                return await TestKit.Loopback.ConnectAsync(connection.DnsEndPoint.Port, ct);
            },
        };
        using var client = new HttpClient(new OutboundTlsHandler(Pki.Context(Pki.Trusting()), settings));

        await client.GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(1, calls);
        settings.AllowAutoRedirect = false;
    }

    [Fact]
    public void WhatCannotBeAHandler_IsRefused()
    {
        using var settings = new SocketsHttpHandler { SslOptions = { EnabledSslProtocols = SslProtocols.Tls12 } };
        var ofABroker = Pki.Trusting();
        ofABroker.Alpn = ["mqtt"];

        var refused = Assert.Throws<ArgumentException>(() => new OutboundTlsHandler(Pki.Context(Pki.Trusting()), settings));
        var noHttp = Assert.Throws<TlsPolicyException>(() => new OutboundTlsHandler(Pki.Context(ofABroker)));

        Assert.Contains("SslOptions.EnabledSslProtocols", refused.Message, StringComparison.Ordinal);
        Assert.Equal(DiagnosticCodes.NoHttpInAlpn, Assert.Single(noHttp.Diagnostics).Code);
        Assert.Throws<ArgumentNullException>(() => new OutboundTlsHandler((OutboundTlsContext)null!));
    }

    private static HttpClient Client(OutboundTlsContext context) => new(new OutboundTlsHandler(context));

    private static async Task<string> GetAsync(HttpClient client, Uri address, string version, HttpVersionPolicy policy)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = Version.Parse(version), VersionPolicy = policy };
        using var response = await client.SendAsync(request, Deadline.Token());
        return await response.Content.ReadAsStringAsync(Deadline.Token());
    }
}
