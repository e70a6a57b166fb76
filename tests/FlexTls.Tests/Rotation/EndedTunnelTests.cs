using System.Net.Sockets;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Whoever uses a tunnel that was ended is told why, also when he begins only afterwards.</summary>
public class EndedTunnelTests
{
    [Fact]
    public async Task AReadOrWriteThatBeginsAfterwards_HasTheReason()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var open = new OpenTunnels(rotation.Upstream, rotation.Upstream.Current);
        var connection = new OpenTunnels.Connection(new Authority("localhost", port), isRedirectTarget: false, open);
        await using var tunnel = new Tunnel(await Loopback.ConnectAsync(port, Deadline.Token()), connection);

        connection.End("the reason");

        foreach (var use in (Func<Task>[])[
            () => tunnel.ReadAsync(new byte[1], Deadline.Token()).AsTask(),
            () => tunnel.WriteAsync(new byte[1], Deadline.Token()).AsTask()])
        {
            Assert.Contains("the reason", (await Assert.ThrowsAnyAsync<IOException>(use)).Message, StringComparison.Ordinal);
        }
    }
}
