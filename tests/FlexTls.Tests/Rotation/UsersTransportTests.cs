using System.Net;
using System.Net.Sockets;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>A user's way to make a transport, which tells every failure in words of its own, while the policy is replaced.</summary>
public class UsersTransportTests
{
    private readonly Gate _gate = new();
    private int _transports;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATransportThatIsBeingMade_IsFinished_AndCarriesWhatIsInForceThen(bool isThroughAProxy)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = Through(isThroughAProxy ? proxy.Address : null);
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        _gate.Open();
        await answer;

        Assert.Equal(1, _transports);
        Assert.Equal(Identities.Subject(isThroughAProxy ? 1 : 2), Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task ATransportThatIsNotMadeInTime_BelongsToTheGenerationInForce()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = Through(null);
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        rotation.PassDeadline();
        _gate.Open();

        await answer;
        Assert.Equal(Identities.Subject(2), Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task ATransportToAProxyThatIsNotMadeInTime_IsGivenUpWithTheReason()
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = Through(proxy.Address);
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        rotation.PassDeadline();

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Equal("FTLS6014", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(server.Hellos);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATransportThatHangsWhenItIsClosed_HoldsNoReplacementUp(bool isThroughAProxy)
    {
        using var goOn = new ManualResetEventSlim();
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { Respond = _ => _gate.PassAsync() }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                UseProxy = isThroughAProxy,
                Proxy = new WebProxy(proxy.Address),
                ConnectCallback = async (connection, ct) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(connection.DnsEndPoint, ct);
                    return new HangingToCloseStream(socket, goOn);
                },
            }));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        await Task.Run(() => rotation.Swap(Pki.Trusting(Pki.Foreign)), Deadline.Token()).WaitAsync(Deadline.Token());

        Assert.Equal((0, 0), rotation.Counts);
        goOn.Set();
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        _gate.Open();
    }

    [Fact]
    public async Task AnIdleTransportThatHangsWhenItIsClosed_DoesNotKeepTheGeneration()
    {
        using var goOn = new ManualResetEventSlim();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectCallback = async (connection, ct) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(connection.DnsEndPoint, ct);
                    return new HangingToCloseStream(socket, goOn);
                },
            }));
        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        var old = rotation.Upstream.Current;

        rotation.Swap(Identities.Policy(2));
        await Task.Run(rotation.PassGrace, Deadline.Token()).WaitAsync(Deadline.Token());
        await Task.Run(rotation.PassDeadline, Deadline.Token()).WaitAsync(Deadline.Token());

        Assert.Equal((0, 0), rotation.Counts);
        goOn.Set();
        await server.EndOfAllAsync(Deadline.Token());
        Assert.NotSame(old, rotation.Upstream.Current);
    }

    [Fact]
    public async Task ATransportThatHangsWhenItIsGivenUp_DoesNotKeepItsGeneration()
    {
        using var goOn = new ManualResetEventSlim();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                Proxy = new WebProxy("proxy.example"),
                ConnectCallback = async (_, ct) =>
                {
                    using var registration = ct.Register(goOn.Wait);
                    await _gate.PassAsync().WaitAsync(ct);
                    throw new IOException("There is no way.");
                },
            }));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        await Task.Run(rotation.PassDeadline, Deadline.Token()).WaitAsync(Deadline.Token());

        goOn.Set();
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
    }

    [Fact]
    public async Task ATransportThatHangsWhenItIsClosed_LosesNoRequestToAReplacementDuringItsHandshake()
    {
        using var goOn = new ManualResetEventSlim();
        var hello = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { BeforeTls = () => _transports == 1 ? _gate.PassAsync() : Task.CompletedTask }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectCallback = async (connection, ct) =>
                {
                    _transports++;
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(connection.DnsEndPoint, ct);
                    return new HangingToCloseStream(socket, goOn) { Written = hello };
                },
            }));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await hello.Task.WaitAsync(Deadline.Token());

        rotation.Swap(Identities.Policy(2));
        await answer;

        Assert.Equal(Identities.Subject(2), Assert.Single(server.Requests).ClientCertificate);
        goOn.Set();
        _gate.Open();
    }

    [Fact]
    public async Task AWayToMakeTransports_ThatIsSetLate_IsUsed()
    {
        // gRPC sets one when it makes a channel over a client's handler.
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        SocketsHttpHandler? handler = null;
        await using var clients = ClientHost.Under(
            Pki.MutualTls(),
            client => client.ConfigurePrimaryHttpMessageHandler(() => handler = new SocketsHttpHandler()));
        var client = clients["orders"];

        handler!.ConnectCallback = async (connection, ct) =>
        {
            Interlocked.Increment(ref _transports);
            return await TestKit.Loopback.ConnectAsync(connection.DnsEndPoint.Port, ct);
        };
        await client.GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal(1, _transports);
    }

    [Fact]
    public async Task AWayToMakeTransports_ThatReturnsNothing_IsNamed()
    {
        await using var clients = ClientHost.Under(Pki.MutualTls(), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(null!),
            }));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() =>
            clients["orders"].GetAsync(new Uri("https://localhost:1/"), Deadline.Token()));

        Assert.Contains("ConnectCallback returned null", failed.ToString(), StringComparison.Ordinal);
    }

    private RotatingUpstream Through(Uri? proxy) => RotatingUpstream.Under(Identities.Policy(1), client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
    {
        UseProxy = proxy is not null,
        Proxy = new WebProxy(proxy),
        ConnectCallback = async (connection, ct) =>
        {
            try
            {
                Interlocked.Increment(ref _transports);
                await _gate.PassAsync().WaitAsync(ct);
                return await TestKit.Loopback.ConnectAsync(connection.DnsEndPoint.Port, ct);
            }
            catch (Exception e)
            {
                throw new IOException("There is no way.", e);
            }
        },
    }));
}
