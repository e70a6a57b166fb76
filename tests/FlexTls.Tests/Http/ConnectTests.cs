using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>Timeouts, cancellation, addresses and sockets: as with the platform's own handler.</summary>
public class ConnectTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task ASilentServer_MeetsTheConnectTimeout_InTheShapeOfStock()
    {
        // A machine that is busy may not even connect in a short time.
        for (var timeout = Soon; !await MeetsAsync(timeout); timeout *= 4)
        {
        }
    }

    [Fact]
    public async Task ATransportThatIsNeverThere_MeetsTheConnectTimeout_InTheShapeOfStock()
    {
        await using var clients = ClientHost.Under(Pki.Trusting(), Handler(Never(Soon)));
        using var stock = new HttpClient(Never(Soon));
        var address = new Uri("https://localhost:1/");

        var theirs = await Assert.ThrowsAsync<TaskCanceledException>(() => stock.GetAsync(address, Deadline.Token()));
        var ours = await Assert.ThrowsAsync<TaskCanceledException>(() => clients["orders"].GetAsync(address, Deadline.Token()));

        Assert.Equal(Types(theirs), Types(ours));
        Assert.Contains(typeof(TimeoutException), Types(ours));
    }

    [Fact]
    public async Task CancellationDuringTheHandshake_EndsTheRequest_AndCarriesTheCallersToken()
    {
        using var silent = new SilentServer();
        await using var clients = ClientHost.Under(Pki.Trusting());
        using var cancel = new CancellationTokenSource();
        var request = clients["orders"].GetAsync(silent.Address, cancel.Token);
        await silent.FirstHelloAsync(Deadline.Token());

        await cancel.CancelAsync();

        var canceled = await Assert.ThrowsAsync<TaskCanceledException>(() => request.WaitAsync(Deadline.Token()));
        Assert.Equal(cancel.Token, canceled.CancellationToken);
    }

    [Fact]
    public async Task CancellationDuringTheTcpConnect_EndsTheRequest()
    {
        var isConnecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var clients = ClientHost.Under(Pki.Trusting(), Handler(new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) =>
            {
                isConnecting.SetResult();
                await Task.Delay(Timeout.Infinite, ct);
                throw new InvalidOperationException();
            },
        }));
        using var cancel = new CancellationTokenSource();
        var request = clients["orders"].GetAsync("https://localhost:1/", cancel.Token);
        await isConnecting.Task.WaitAsync(Deadline.Token());

        await cancel.CancelAsync();

        Assert.Equal(cancel.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => request.WaitAsync(Deadline.Token()))).CancellationToken);
    }

    [Fact]
    public async Task TheUsersConnectCallback_MakesTheTransport_AndTlsIsThePolicys()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer(Pki.Host)), Deadline.Token());
        var asked = new List<DnsEndPoint>();
        await using var clients = ClientHost.Under(Pki.MutualTls(), Handler(new SocketsHttpHandler
        {
            ConnectCallback = async (connection, ct) =>
            {
                asked.Add(connection.DnsEndPoint);
                return await Loopback.ConnectAsync(upstream.Port, ct);
            },
        }));

        await clients["orders"].GetStringAsync($"https://{Pki.Host}:8443/", Deadline.Token());

        Assert.Equal([new DnsEndPoint(Pki.Host, 8443)], asked);
        Assert.Equal([Pki.Host], upstream.ServerNames);
        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Theory]
    [InlineData(typeof(SocketException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(IOException))]
    public async Task WhatTheUsersConnectCallbackThrows_ComesThroughInTheShapeOfStock(Type type)
    {
        // By itself, a SocketException takes the thread's last error.
        Exception Failure() => type == typeof(SocketException)
            ? new SocketException((int)SocketError.HostUnreachable) : (Exception)Activator.CreateInstance(type)!;
        SocketsHttpHandler Failing() => new() { ConnectCallback = (_, _) => throw Failure() };
        await using var clients = ClientHost.Under(Pki.Trusting(), Handler(Failing()));
        using var stock = new HttpClient(Failing());

        var theirs = await Assert.ThrowsAsync<HttpRequestException>(() => stock.GetAsync("https://localhost:1/", Deadline.Token()));
        var ours = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync("https://localhost:1/", Deadline.Token()));

        Assert.Equal(Types(theirs), Types(ours));
        Assert.Equal((theirs.HttpRequestError, theirs.Message), (ours.HttpRequestError, ours.Message));
        Assert.Empty(clients.Log.Warnings);
    }

    [Fact]
    public async Task AConnectCallbackThatMakesTlsItself_IsRefused()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls(), Handler(new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) => new SslStream(await Loopback.ConnectAsync(upstream.Port, ct)),
        }));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync(upstream.Address, Deadline.Token()));

        Assert.Contains("SslStream", Assert.IsType<InvalidOperationException>(failed.InnerException).Message, StringComparison.Ordinal);
        Assert.Empty(upstream.Hellos);
    }

    [Fact]
    public async Task AnIPv6Address_IsConnectedAndVerified()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking() with { Address = IPAddress.IPv6Loopback }, Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());

        await clients["orders"].GetStringAsync($"https://[::1]:{upstream.Port}/", Deadline.Token());
        await clients["orders"].GetStringAsync($"https://[0:0:0:0:0:0:0:1]:{upstream.Port}/", Deadline.Token());

        Assert.All(upstream.Requests, request => Assert.Equal(Pki.Client.Subject, request.ClientCertificate));
        Assert.Equal([""], upstream.ServerNames);
    }

    [Fact]
    public async Task Refused_IsAConnectionErrorInTheShapeOfStock()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        listener.Stop();
        await using var clients = ClientHost.Under(Pki.Trusting());
        using var stock = new HttpClient();

        var theirs = await Assert.ThrowsAsync<HttpRequestException>(() => stock.GetAsync(address, Deadline.Token()));
        var ours = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync(address, Deadline.Token()));

        Assert.Equal((typeof(SocketException), theirs.HttpRequestError, theirs.Message), (ours.InnerException!.GetType(), ours.HttpRequestError, ours.Message));
    }

    /// <summary>Whether the server was met before the time was over.</summary>
    private static async Task<bool> MeetsAsync(TimeSpan timeout)
    {
        using var silent = new SilentServer();
        await using var clients = ClientHost.Under(
            Pki.Trusting(), Handler(new SocketsHttpHandler { ConnectTimeout = timeout }));
        using var stock = new HttpClient(new SocketsHttpHandler { ConnectTimeout = timeout });

        var theirs = await Assert.ThrowsAsync<TaskCanceledException>(
            () => stock.GetAsync(silent.Address, Deadline.Token()));
        var ours = await Assert.ThrowsAsync<TaskCanceledException>(
            () => clients["orders"].GetAsync(silent.Address, Deadline.Token()));

        Assert.Equal(Types(theirs).Take(2), Types(ours).Take(2));
        Assert.Equal([typeof(TaskCanceledException), typeof(TimeoutException)], Types(ours).Take(2));
        Assert.Equal(
            theirs.InnerException!.Message, ours.InnerException!.Message);
        return silent.Accepted == 2
            && clients.Log.Warnings.Any(line => line.Contains("FTLS6009", StringComparison.Ordinal));
    }

    private static SocketsHttpHandler Never(TimeSpan timeout) => new()
    {
        ConnectTimeout = timeout,
        ConnectCallback = async (_, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            throw new InvalidOperationException();
        },
    };

    private static Action<IHttpClientBuilder> Handler(SocketsHttpHandler handler) => client => client.ConfigurePrimaryHttpMessageHandler(() => handler);

    private static IEnumerable<Type> Types(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            yield return inner.GetType();
        }
    }
}
