using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Contexts;

/// <summary>A handler under one fixed context: what the server sees is the policy's, not the handler's.</summary>
public class ApplyToTests
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
        Assert.Equal(["localhost"], upstream.ServerNames);
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
    public async Task ThroughAProxy_NothingIsAskedForATunnel()
    {
        var context = Pki.Context(Pki.MutualTls(), "orders");
        await using var upstream = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1, Deadline.Token());
        var proxy = ConnectProxy.Start();
        var handler = new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) };
        context.ApplyTo(handler);
        using var client = new HttpClient(handler);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, upstream.Address, "1.1", Exact));
        await proxy.DisposeAsync();

        Assert.Equal("FTLS6008", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => proxy.FirstLineAsync(Deadline.Token()));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "elsewhere.example:1")]
    [InlineData(true, "elsewhere.example:1")]
    public async Task APlainRequest_WhoseMethodIsConnect_IsNotSent(bool usesProxy, string? host)
    {
        await using var plain = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer) { IsPlain = true, Protocols = HttpProtocols.Http1 }, Deadline.Token());
        var handler = new SocketsHttpHandler { UseProxy = usesProxy };
        Pki.Context(Pki.Trusting()).ApplyTo(handler);
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Connect, $"http://localhost:{plain.Port}/") { Headers = { Host = host } };

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Deadline.Token()));

        Assert.Equal(usesProxy && host is not null ? "FTLS6008" : "FTLS6020", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Equal(0, plain.Connections);
    }

    [Fact]
    public async Task ThroughAProxy_WherePlainHttpIsAllowed_TlsOfTheHandlersOwnMaking_IsRefused()
    {
        var options = Pki.MutualTls();
        options.Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = true };
        var context = Pki.Context(options, "orders");
        await using var upstream = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1, Deadline.Token());
        await using var proxy = ConnectProxy.Start();
        var handler = new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) };
        context.ApplyTo(handler);
        using var client = new HttpClient(handler);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, upstream.Address, "1.1", Exact));

        Assert.Equal("FTLS6008", ForeignHandshake.RefusalIn(failed).Code);
        Assert.Equal($"CONNECT localhost:{upstream.Address.Port} HTTP/1.1", await proxy.FirstLineAsync(Deadline.Token()));
    }

    [Fact]
    public async Task ARedirect_IsHandedOut_AndNotFollowedWithWhatIsTheUpstreams()
    {
        var context = Pki.Context(Pki.MutualTls());
        await using var target = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1, Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer)
            {
                Respond = response =>
                {
                    response.Response.Redirect($"{target.Address}");
                    return Task.CompletedTask;
                },
            },
            Deadline.Token());
        using var client = Client(context);

        using var answer = await client.GetAsync(front.Address, Deadline.Token());

        Assert.Equal((HttpStatusCode.Found, target.Address), (answer.StatusCode, answer.Headers.Location));
        Assert.Empty(target.Hellos);
    }

    [Fact]
    public async Task RedirectsThatAreSwitchedOnAfterwards_AreRefusedBeforeAnythingIsConnected()
    {
        await using var front = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1, Deadline.Token());
        var handler = new SocketsHttpHandler();
        Pki.Context(Pki.MutualTls()).ApplyTo(handler);
        handler.AllowAutoRedirect = true;
        using var client = new HttpClient(handler);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(front.Address, Deadline.Token()));

        Assert.Equal("FTLS6021", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Equal(0, front.Connections);
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
    public void AHandlerWithAConnectCallback_IsRefused()
    {
        var context = Pki.Context(Pki.Trusting());
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, _) => throw new InvalidOperationException("unused") };

        Assert.Throws<InvalidOperationException>(() => context.ApplyTo(handler));
    }

    private static HttpClient Client(OutboundTlsContext context)
    {
        var handler = new SocketsHttpHandler();
        context.ApplyTo(handler);
        return new HttpClient(handler);
    }

    private static async Task<string> GetAsync(HttpClient client, Uri address, string version, HttpVersionPolicy policy)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = Version.Parse(version), VersionPolicy = policy };
        using var response = await client.SendAsync(request, Deadline.Token());
        return await response.Content.ReadAsStringAsync(Deadline.Token());
    }
}
