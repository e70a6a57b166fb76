using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>A TLS 1.3 server may judge the client certificate long after the client's side of the handshake.</summary>
public sealed class SlowJudgmentTests : IDisposable
{
    private readonly Gate _gate = new();
    private readonly ManualResetEventSlim _judged = new();

    public void Dispose() => _judged.Dispose();

    [Theory]
    [InlineData("h2")]
    [InlineData("h2,http/1.1")]
    public async Task ARequestThatWaitsForTheJudgment_IsNotLostToAReplacement(string alpn)
    {
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with
            {
                ClientCertificates = ClientCertificateMode.RequireCertificate,
                TrustsClient = _ =>
                {
                    _gate.Arrive();
                    return _judged.Wait(TimeSpan.FromMinutes(2));
                },
            },
            Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false }));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var answer = rotation.Client.SendAsync(request, Deadline.Token());
        await _gate.ArrivalAsync();
        await Deadline.UntilAsync(() => rotation.Counts == (1, 0));

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassGrace();
        rotation.PassGrace();
        _judged.Set();

        using var response = await answer;
        Assert.True(response.IsSuccessStatusCode);
        Assert.Single(server.Requests);
    }

    /// <summary>The pool begins to read on a connection that it holds in reserve before it writes.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheEndOfAConnection_IsRecorded_AndOnlyAnEndForThePool(bool isAhead)
    {
        using var listener = Listen();
        var serving = ServeOneByteAsync(listener);
        var observer = new Observer();
        await using var stream = await ConnectAsync(listener, SslApplicationProtocol.Http11, observer);
        var buffer = new byte[1];

        var read = isAhead ? stream.ReadAsync(buffer, Deadline.Token()).AsTask() : null;
        await stream.WriteAsync(buffer, Deadline.Token());
        await serving;

        Assert.Equal(0, await (read ?? stream.ReadAsync(buffer, Deadline.Token()).AsTask()));
        Assert.Equal(["FTLS6001"], observer.Unanswered);
    }

    [Fact]
    public async Task TheEndOfAConnection_BeforeItsFirstRequest_IsNoRefusal()
    {
        using var listener = Listen();
        var serving = ServeOneByteAsync(listener, bytes: 0);
        var observer = new Observer();
        await using var stream = await ConnectAsync(listener, SslApplicationProtocol.Http11, observer);
        await serving;

        Assert.Equal(0, await stream.ReadAsync(new byte[1], Deadline.Token()));
        Assert.Empty(observer.Unanswered);
    }

    [Fact]
    public async Task TheTimeToConnect_DoesNotCoverTheJudgment()
    {
        using var listener = Listen();
        using var time = new CancellationTokenSource();
        var serving = ServeOneByteAsync(listener);
        await using var stream = await ConnectAsync(listener, SslApplicationProtocol.Http2);

        var write = stream.WriteAsync(new byte[1], time.Token).AsTask();
        Assert.False(write.IsCompleted);
        await time.CancelAsync();

        await write;
        await serving;
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static async Task<SslStream> ConnectAsync(
        TcpListener listener, SslApplicationProtocol protocol, IConnectionObserver? observer = null)
    {
        var context = Pki.Context(Identities.Policy(1));
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return await new HttpHandshakes(context.Generation).AuthenticateAsync(
            await TestKit.Loopback.ConnectAsync(port, Deadline.Token()),
            static async (again, ct) => await TestKit.Loopback.ConnectAsync(again.Port, ct),
            new DnsEndPoint("localhost", port), [protocol], isRedirectTarget: false, observer, Deadline.Token(),
            CancellationToken.None);
    }

    /// <summary>Asks for a client certificate, takes one byte or none, and closes without a word.</summary>
    private static async Task ServeOneByteAsync(TcpListener listener, int bytes = 1)
    {
        using var socket = await listener.AcceptSocketAsync(Deadline.Token());
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = Loopbacks.Certificate,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
                ApplicationProtocols = [SslApplicationProtocol.Http11, SslApplicationProtocol.Http2],
            },
            Deadline.Token());
        await stream.ReadExactlyAsync(new byte[bytes], Deadline.Token());
    }

    private sealed class Observer : IConnectionObserver
    {
        public List<string> Unanswered { get; } = [];

        public void ClosedUnanswered(TlsHandshakeException refusal) => Unanswered.Add(refusal.Code);

        public void Answered()
        {
        }

        public void Refused(TlsHandshakeException refusal)
        {
        }

        public void WriteWaits()
        {
        }

        public void WriteEnded()
        {
        }

        public void Closed()
        {
        }
    }
}
