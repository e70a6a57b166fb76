using System.Net;
using FlexTls.Connections;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATransportThatIsNotMadeInTime_IsGivenUpWithTheReason(bool isThroughAProxy)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = Through(isThroughAProxy ? proxy.Address : null);
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        rotation.PassDeadline();

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Equal("FTLS6014", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(server.Hellos);
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
