using System.Net;
using Xunit;

namespace FlexTls.Connections;

/// <summary>What is remembered of proxies and of what lies behind them is bounded, and costs a request nothing.</summary>
public class WatchedProxyTests
{
    private static readonly Uri Proxy = new("http://proxy.example:3128");

    [Fact]
    public void GetProxy_AllocatesNothing_ForADestinationThatIsKnown_HoweverManyWereAskedForBefore()
    {
        var watched = new WatchedProxy(new WebProxy(Proxy));
        for (var i = 0; i < 10_000; i++)
        {
            watched.GetProxy(new Uri($"https://host-{i}.example/"));
        }

        var destination = new Uri("https://orders.example/");
        watched.GetProxy(destination);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            watched.GetProxy(destination);
        }

        // The runtime may compile or cache something once, but not a thousand times.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
    }

    [Fact]
    public void Find_ForgetsProxies_WhereThereAreEverNewOnes()
    {
        var port = 0;
        var watched = new WatchedProxy(new EverNewProxy(() => ++port));

        for (var i = 0; i < 10_000; i++)
        {
            watched.GetProxy(new Uri("https://orders.example/"));
        }

        Assert.InRange(Enumerable.Range(1, 10_000).Count(number => watched.Find(new DnsEndPoint("proxy.example", number)) is not null), 1, 1_000);
        Assert.NotNull(watched.Find(new DnsEndPoint("proxy.example", 10_000)));
    }

    private sealed class EverNewProxy(Func<int> port) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination) => new UriBuilder(Proxy) { Port = port() }.Uri;

        public bool IsBypassed(Uri host) => false;
    }
}
