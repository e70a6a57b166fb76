using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Http;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Each connection through a proxy is judged by what its own server presented, and is let go when it is closed.</summary>
public class TunnelTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AnOldCAThatIsRemoved_DoesNotCloseTunnelsToServersOfTheNewOne(string alpn)
    {
        await using var proxy = RecordingProxy.Start();
        await using var rotation = Through(new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }, Trusting(1, alpn, Pki.Root, Pki.Foreign));
        await using var after = await StartAsync(Loopbacks.ForeignCertificate);
        await using (var before = await StartAsync())
        {
            await rotation.Client.GetStringAsync(new Uri(before.Address, "/now"), Deadline.Token());
        }

        var answers = new List<Task<string>>();
        for (var number = 2; number < 5; number++)
        {
            answers.Add(rotation.Client.GetStringAsync(after.Address, Deadline.Token()));
            await _gate.ArrivalAsync();
            rotation.Swap(Trusting(number, alpn, Pki.Foreign));
            rotation.PassGrace();
        }

        _gate.Open();
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal("done", answer));
        await after.EndOfAllAsync(Deadline.Token());
        Assert.Equal([Identities.Subject(1), Identities.Subject(2), Identities.Subject(3)], after.Requests.Select(request => request.ClientCertificate));
    }

    [Fact]
    public async Task OfTwoServersOfOneHost_TheOneThatIsRefusedLosesItsTunnel()
    {
        await using var proxy = RecordingProxy.Start();
        await using var refused = await StartAsync();
        await using var accepted = await StartAsync(Loopbacks.ForeignCertificate);
        await using var rotation = Through(new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }, Trusting(1, "http/1.1", Pki.Root, Pki.Foreign));
        var answers = new[] { refused, accepted }.Select(server => rotation.Client.GetStringAsync(server.Address, Deadline.Token())).ToArray();
        await _gate.ArrivalAsync();
        await _gate.ArrivalAsync();

        rotation.Swap(Trusting(2, "http/1.1", Pki.Foreign));

        Assert.Contains("FTLS5003", Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answers[0])), StringComparison.Ordinal);
        await refused.EndOfAllAsync(Deadline.Token());
        _gate.Open();
        Assert.Equal("done", await answers[1]);
    }

    [Fact]
    public async Task AHostThatRenewsItsCertificateOften_KeepsItsTunnels()
    {
        const int Renewals = 20;
        await using var proxy = RecordingProxy.Start();
        await using var rotation = Through(new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }, Identities.Policy(1));
        for (var i = 0; i < Renewals; i++)
        {
            await using var renewed = await StartAsync(Pki.Root.IssueServer("localhost"));
            await rotation.Client.GetStringAsync(new Uri(renewed.Address, "/now"), Deadline.Token());
        }

        await using var server = await StartAsync();
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        rotation.Swap(Identities.Policy(2));
        _gate.Open();

        Assert.Equal("done", await answer);
    }

    [Fact]
    public async Task AHostWithATrailingDot_IsJudgedByTheNewPolicyToo()
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync();
        await using var rotation = Through(new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }, Identities.Policy(1));
        var answer = rotation.Client.GetStringAsync(server.Address.Under("localhost."), Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Pki.Trusting(Pki.Foreign));

        Assert.Contains("FTLS5003", Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answer)), StringComparison.Ordinal);
        await server.EndOfAllAsync(Deadline.Token());
    }

    [Fact]
    public async Task AServerBehindSocks_IsJudgedByTheNewPolicyToo()
    {
        await using var proxy = await ExternalProxy.StartAsync("microsocks", Deadline.Token());
        await using var server = await StartAsync();
        await using var rotation = Through(new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }, Identities.Policy(1));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        Assert.Equal((0, 1), rotation.Counts);
        rotation.Swap(Pki.Trusting(Pki.Foreign));

        Assert.Contains("FTLS5003", Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answer)), StringComparison.Ordinal);
        await server.EndOfAllAsync(Deadline.Token());
    }

    [Fact]
    public async Task ATunnelWhoseCertificatesAFilterHides_IsClosedAtTheSwap()
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync();
        await using var rotation = Through(new SocketsHttpHandler
        {
            Proxy = new WebProxy(proxy.Address),
            PlaintextStreamFilter = (connection, _) => ValueTask.FromResult<Stream>(new AsyncOnlyStream(connection.PlaintextStream)),
        }, Identities.Policy(1));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));

        Assert.Contains("FlexTls closed the connection to upstream 'orders': the policy that is in force now refuses",
            Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answer)), StringComparison.Ordinal);
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task ATunnelUnderAFilterThatWaitsToRead_IsMade(SslProtocols version)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { Versions = version }, Deadline.Token());
        await using var rotation = Through(new SocketsHttpHandler
        {
            Proxy = new WebProxy(proxy.Address),
            PlaintextStreamFilter = (connection, _) =>
                ValueTask.FromResult<Stream>(new PipedStream(connection.PlaintextStream)),
        }, Identities.Policy(1));

        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal(Identities.Subject(1), Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task ATunnelThatIsClosed_LetsItsGenerationGoBeforeTheDeadline()
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync();
        await using var rotation = Through(new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }, Identities.Policy(1, "http/1.1"));
        await rotation.Client.GetStringAsync(new Uri(server.Address, "/now"), Deadline.Token());
        var old = rotation.Upstream.Current;

        rotation.Swap(Identities.Policy(2, "http/1.1"));
        rotation.PassGrace();
        await server.EndOfAllAsync(Deadline.Token());
        rotation.PassGrace();
        rotation.PassGrace();

        Assert.False(old.TryAdd(new AnyConnection()));
    }

    private static OutboundTlsOptions Trusting(int number, string alpn, params TestCA[] authorities)
    {
        var options = Identities.Policy(number, alpn);
        options.TrustedCA = string.Join('\n', authorities.Select(authority => authority.Pem));
        return options;
    }

    private static RotatingUpstream Through(SocketsHttpHandler handler, OutboundTlsOptions options) =>
        RotatingUpstream.Under(options, client => client.ConfigurePrimaryHttpMessageHandler(() => handler));

    private Task<HttpUpstream> StartAsync(X509Certificate2? certificate = null) => HttpUpstream.StartAsync(Loopbacks.Asking(certificate) with
    {
        Respond = async context =>
        {
            if (context.Request.Path != "/now")
            {
                await _gate.PassAsync().WaitAsync(context.RequestAborted);
            }

            await context.Response.WriteAsync("done", context.RequestAborted);
        },
    }, Deadline.Token());

    private sealed class AnyConnection : IUpstreamConnection
    {
        public string Host => "localhost";

        public bool IsRedirectTarget => false;

        public IReadOnlyCollection<PresentedChain> Presented => [];

        public bool NeedsPlainHttp => false;

        public bool IsOpen => true;

        public bool LeadsToServer => true;

        public void End(string reason)
        {
        }
    }
}
