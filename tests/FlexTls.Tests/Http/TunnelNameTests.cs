using System.Diagnostics;
using System.Net;
using FlexTls.Rotation;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>In a tunnel, the name that is sent and verified is that of the tunnel's own destination, whatever a Host header says.</summary>
public class TunnelNameTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AHostHeader_ChoosesNothing_WhereARedirectLeadsIntoATunnel(bool isFirstHopPlain)
    {
        // The server behind the proxy is good for the name in the Host header alone.
        await using var proxy = RecordingProxy.Start();
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer("evil.example")), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(
            Loopbacks.Redirecting(() => target.Address) with { IsPlain = isFirstHopPlain, Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1 }, Deadline.Token());
        await using var clients = Through(new OnlyForProxy(proxy.Address, uri => uri.Port == target.Port), Pki.MutualTls());
        using var request = new HttpRequestMessage(HttpMethod.Get, front.Address) { Headers = { Host = "evil.example" } };

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(request, Deadline.Token()));

        Assert.Equal("FTLS5021", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Equal(["localhost"], target.ServerNames);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task AHostHeader_ChoosesNothing_WhereTheProxyAnswersDifferentlyTheSecondTime()
    {
        await using var proxy = RecordingProxy.Start();
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer("evil.example")), Deadline.Token());
        var count = 0;
        await using var clients = Through(new OnlyForProxy(proxy.Address, _ => Interlocked.Increment(ref count) > 1), Pki.MutualTls());
        using var request = new HttpRequestMessage(HttpMethod.Get, target.Address) { Headers = { Host = "evil.example" } };

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(request, Deadline.Token()));

        // The proxy is asked once: the first answer holds.
        Assert.Equal("FTLS5021", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Equal((1, 0), (count, proxy.Connections));
        Assert.Equal(["localhost"], target.ServerNames);
        Assert.Empty(target.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AHostHeaderThatIsWrittenWhileTheRequestIsSent_ChoosesNothing(bool isHiddenByAFilter)
    {
        await using var proxy = RecordingProxy.Start();
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer("evil.example")), Deadline.Token());
        await using var clients = Through(new WebProxy(proxy.Address), Pki.MutualTls(), isHiddenByAFilter, new HostWriter("evil.example"));
        using var request = new HttpRequestMessage(HttpMethod.Get, target.Address);

        using var traced = new Activity("test").Start();
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(request, Deadline.Token()));

        Assert.Equal("FTLS6012", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Equal(1, proxy.Connections);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task AServerNameThatArrivesBetweenTheTunnelAndItsHandshake_IsNotPassedOver()
    {
        var gate = new Gate();
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with { BeforeTls = gate.PassAsync }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(
            Identities.Policy(1), client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await gate.ArrivalAsync();
        var options = Identities.Policy(2);
        options.Extensions = new OutboundTlsExtensionOptions { ServerName = Pki.Host };

        rotation.Swap(options);
        gate.Open();

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Equal("FTLS6012", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(server.Requests);
    }

    private static ClientHost Through(IWebProxy proxy, OutboundTlsOptions options, bool isHiddenByAFilter = false, DistributedContextPropagator? propagator = null) => ClientHost.Under(
        options, client => client.DangerousAllowPlainHttp().ConfigurePrimaryHttpMessageHandler(() =>
        {
            var handler = new SocketsHttpHandler { Proxy = proxy };
            handler.ActivityHeadersPropagator = propagator ?? handler.ActivityHeadersPropagator;
            if (isHiddenByAFilter)
            {
                handler.PlaintextStreamFilter = (connection, _) => ValueTask.FromResult<Stream>(new AsyncOnlyStream(connection.PlaintextStream));
            }

            return handler;
        }));

    /// <summary>The handler calls it after the request was accepted, and before it chooses a connection.</summary>
    private sealed class HostWriter(string host) : DistributedContextPropagator
    {
        public override IReadOnlyCollection<string> Fields => [];

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
            ((HttpRequestMessage)carrier!).Headers.Host = host;

        public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            (traceId, traceState) = (null, null);

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
    }

    private sealed class OnlyForProxy(Uri address, Func<Uri, bool> isUsed) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => isUsed(destination) ? address : null;

        public bool IsBypassed(Uri host) => false;
    }
}
