using System.Net;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>Through proxies that people run, the handler makes TLS by itself: under the same policy, or not at all.</summary>
public class ProxyTests
{
    public static TheoryData<string> Programs { get; } = ["tinyproxy", "microsocks"];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task MutualTls_WorksThroughAProxy(string program)
    {
        await using var proxy = await ExternalProxy.StartAsync(program, Deadline.Token());
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var clients = Through(proxy.Address, Pki.MutualTls());

        await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        await proxy.LineAsync($"{upstream.Port}", Deadline.Token());
        var seen = Assert.Single(upstream.Requests);
        Assert.Equal(("HTTP/2", Pki.Client.Subject), (seen.Protocol, seen.ClientCertificate));
        Assert.Equal(["localhost"], upstream.ServerNames);
        Assert.Equal(["1.3", "1.2"], seen.Hello!.Versions);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task TheIntermediatesOfTheClientCertificate_GoThroughAProxy(string program)
    {
        ExternalTool.RequireOpenSsl();
        await using var proxy = await ExternalProxy.StartAsync(program, Deadline.Token());
        await using var upstream = await OpenSslServer.StartAsync(
            Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), Pki.Root.Pem, ["-www", "-Verify", "3"], Deadline.Token());
        await using var clients = Through(proxy.Address, Pki.MutualTls());

        // It knows the root alone, and answers only a client whose chain it could build.
        var page = await clients["orders"].GetStringAsync($"https://localhost:{upstream.Port}/", Deadline.Token());

        Assert.Contains(Pki.Client.ExportCertificatePem(), page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task AForeignServer_IsRefusedThroughAProxy(string program)
    {
        await using var proxy = await ExternalProxy.StartAsync(program, Deadline.Token());
        await using var foreign = await HttpUpstream.StartAsync(Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var misnamed = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer(Pki.Host)), Deadline.Token());
        await using var clients = Through(proxy.Address, Pki.MutualTls());

        Assert.Equal("FTLS5003", await RefusalAsync(clients, foreign.Address));
        Assert.Equal("FTLS5021", await RefusalAsync(clients, misnamed.Address));
        Assert.Empty(foreign.Requests);
        Assert.Empty(misnamed.Requests);
        Assert.Equal(2, clients.Log.Warnings.Count(line => line.Contains("A connection to upstream 'orders' failed. FTLS50", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task SkippedValidation_HoldsForTheNamedHostThroughAProxy(string program)
    {
        await using var proxy = await ExternalProxy.StartAsync(program, Deadline.Token());
        await using var foreign = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Foreign.IssueServer("nobody.example")), Deadline.Token());
        var options = Pki.MutualTls();
        options.DangerousSkipValidation = true;
        await using var clients = Through(proxy.Address, options);

        await clients["orders"].GetStringAsync(foreign.Address, Deadline.Token());

        Assert.Null(Assert.Single(foreign.Requests).ClientCertificate);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task AServerNameThatDiffersFromTheHost_IsRefusedThroughAProxy(string program)
    {
        await using var proxy = await ExternalProxy.StartAsync(program, Deadline.Token());
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        var options = Pki.MutualTls();
        options.Extensions = new OutboundTlsExtensionOptions { ServerName = "localhost" };
        await using var clients = Through(proxy.Address, options);

        Assert.Equal("FTLS6012", await RefusalAsync(clients, upstream.Address.Under("127.0.0.1")));
        Assert.Empty(upstream.Hellos);

        await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token());
        Assert.Equal(["localhost"], upstream.ServerNames);
    }

    [Theory]
    [InlineData("tinyproxy", false)]
    [InlineData("tinyproxy", true)]
    [InlineData("microsocks", false)]
    [InlineData("microsocks", true)]
    public async Task ARedirectElsewhere_ThroughAProxy_ShowsNoCertificateThere_AndIsValidated(string program, bool skipsValidation)
    {
        await using var proxy = await ExternalProxy.StartAsync(program, Deadline.Token());
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        var options = Pki.MutualTls();
        options.DangerousSkipValidation = skipsValidation;
        await using var clients = Through(proxy.Address, options);

        await clients["orders"].GetStringAsync(front.Address, Deadline.Token());
        await using var foreign = await HttpUpstream.StartAsync(Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var other = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => foreign.Address), Deadline.Token());

        Assert.Equal("FTLS5003", await RefusalAsync(clients, other.Address));
        Assert.Equal(skipsValidation ? null : Pki.Client.Subject, Assert.Single(front.Requests).ClientCertificate);
        Assert.Null(Assert.Single(target.Requests).ClientCertificate);
        Assert.Empty(foreign.Requests);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task AHostHeaderOfItsOwn_IsRefusedThroughAProxy(string program)
    {
        await using var proxy = await ExternalProxy.StartAsync(program, Deadline.Token());
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var clients = Through(proxy.Address, Pki.MutualTls());

        Assert.Equal("FTLS6012", await RefusalAsync(clients, upstream.Address, Pki.Host));
        Assert.Empty(upstream.Hellos);
        var status = clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();
        Assert.Equal("FTLS6012", Assert.Single(status.Failures).Code);

        using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Address) { Headers = { Host = "LOCALHOST:1" } };
        using var response = await clients["orders"].SendAsync(request, Deadline.Token());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["localhost"], upstream.ServerNames.Select(name => name.ToLowerInvariant()));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task PlainHttpThatIsAllowed_ThroughAProxy_IsLeftAlone(string program)
    {
        await using var proxy = await ExternalProxy.StartAsync(program, Deadline.Token());
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking() with { IsPlain = true, Protocols = HttpProtocols.Http1 }, Deadline.Token());
        var options = Pki.MutualTls();
        options.Extensions = new OutboundTlsExtensionOptions { ServerName = "elsewhere.example", DangerousAllowPlainHttp = true };
        await using var clients = Through(proxy.Address, options);
        using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Address) { Headers = { Host = "other.example" } };

        using var response = await clients["orders"].SendAsync(request, Deadline.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await proxy.LineAsync($"{upstream.Port}", Deadline.Token());
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task AProxyThatIsReachedByTls_IsShownNothing()
    {
        await using var proxy = await ExternalProxy.StartSquidAsync(Loopbacks.Certificate, Pki.Root.Pem, Deadline.Token());
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        var options = Pki.MutualTls();
        options.Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = true };
        await using var clients = Through(proxy.Address, options);

        Assert.Equal("FTLS6010", await RefusalAsync(clients, upstream.Address));
        Assert.Equal("FTLS6010", await RefusalAsync(clients, new Uri($"http://localhost:{upstream.Port}/")));

        Assert.Empty(upstream.Hellos);
        await StockThroughAsync(proxy.Address, upstream.Address);
        Assert.Equal($"CONNECT localhost:{upstream.Port} /CN=client", Assert.Single(await proxy.StopAndReadAccessLogAsync(Deadline.Token())));
    }

    [Fact]
    public async Task AnAddressThatTheProxyIsNotFor_IsConnectedDirectly_WithThePolicysOwnOffer()
    {
        await using var proxy = RecordingProxy.Start();
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        var options = Pki.MutualTls();
        options.Alpn = ["http/1.1", "h2"];
        await using var clients = ClientHost.Under(options, client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) { BypassProxyOnLocal = true } }));

        await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(0, proxy.Connections);
        Assert.Equal(["http/1.1", "h2"], Assert.Single(upstream.Hellos).Alpn);
    }

    private static ClientHost Through(Uri proxy, OutboundTlsOptions options) => ClientHost.Under(
        options, client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { Proxy = new WebProxy(proxy) }));

    /// <summary>What the platform's own handler shows such a proxy: the proof that this one would have been shown it too.</summary>
    private static async Task StockThroughAsync(Uri proxy, Uri address)
    {
        var handler = new SocketsHttpHandler { Proxy = new WebProxy(proxy) };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        handler.SslOptions.ClientCertificateContext = System.Net.Security.SslStreamCertificateContext.Create(Pki.Client, [Pki.Intermediate.Certificate], offline: true);
        using var client = new HttpClient(handler);
        await client.GetStringAsync(address, Deadline.Token());
    }

    private static async Task<string> RefusalAsync(ClientHost clients, Uri address, string? hostHeader = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Host = hostHeader } };
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(request, Deadline.Token()));
        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        return Assert.IsType<TlsHandshakeException>(failed.InnerException).Code;
    }
}
