using System.Net.Sockets;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>A gateway's callers may name any host: of those that were named once, nothing stays.</summary>
public class ManyHostsTests
{
    private const int Hosts = 1_000_000;
    private const long MostLeft = 8L << 20;

    [Fact(Explicit = true)]
    public async Task AMillionHosts_LeaveNoMemoryBehind()
    {
        // Without a log that keeps its lines. The platform's pools of hosts that nobody asks for go after a while.
        var services = new ServiceCollection();
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls())).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
            ConnectCallback = (_, _) => throw new SocketException((int)SocketError.HostUnreachable),
        });
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await NameAsync(client, 0, 1_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await NameAsync(client, 1_000, Hosts);

        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var left = long.MaxValue;
        for (var i = 0; i < 240 && left > MostLeft && await poll.WaitForNextTickAsync(Deadline.Token()); i++)
        {
            left = GC.GetTotalMemory(forceFullCollection: true) - before;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{left} bytes after {Hosts} hosts, {left / (double)Hosts:0.00} each");
        Assert.True(left < MostLeft, $"{left} bytes stayed.");
    }

    private static Task NameAsync(HttpClient client, int from, int to) => Parallel.ForAsync(from, to, TestContext.Current.CancellationToken, async (number, ct) =>
    {
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"https://host-{number}.example/"), ct));
        Assert.IsType<SocketException>(failed.InnerException);
    });
}
