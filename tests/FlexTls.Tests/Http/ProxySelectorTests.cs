using System.Net;
using Xunit;

namespace FlexTls.Http;

/// <summary>What is remembered of proxies and of what lies behind them is bounded, and costs a request nothing.</summary>
public class ProxySelectorTests
{
    private static readonly Uri Proxy = new("http://proxy.example:3128");

    [Fact]
    public void Find_AllocatesNothing_ForADestinationThatIsKnown_HoweverManyWereAskedForBefore()
    {
        var selector = new ProxySelector(new WebProxy(Proxy));
        for (var i = 0; i < 10_000; i++)
        {
            selector.Find(new Uri($"https://host-{i}.example/"));
        }

        var destination = new Uri("https://orders.example/");
        selector.Find(destination);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            selector.Find(destination);
        }

        // The runtime may compile or cache something once, but not a thousand times.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
    }

    [Theory]
    [InlineData("http://proxy.example", "https://orders.example/a?b", "http://proxy.example/orders.example:443")]
    [InlineData("http://proxy.example:3128/x?y#z", "wss://[::1]:8443/", "http://proxy.example:3128/[::1]:8443")]
    [InlineData("http://proxy.example:3128/x", "http://orders.example/", "http://proxy.example:3128/x")]
    [InlineData("socks5://proxy.example:1080", "https://orders.example/", "socks5://proxy.example:1080/")]
    public void Find_GivesEachDestinationThatNeedsATunnelAnAddressOfItsOwn(string proxy, string destination, string address)
    {
        var found = new ProxySelector(new WebProxy(proxy)).Find(new Uri(destination));

        Assert.Equal(address, found!.AbsoluteUri);
        Assert.Equal(address.EndsWith("443", StringComparison.Ordinal), found is TunnelAddress tunnel && tunnel.Destination == Authority.Of(new Uri(destination)));
    }

    [Fact]
    public void Find_KeepsTheZoneOfAProxy()
    {
        var proxy = new Uri("http://[fe80::1%25lo]:3128");

        var found = new ProxySelector(new WebProxy(proxy)).Find(new Uri("https://orders.example/"));

        Assert.Equal((proxy.IdnHost, 3128, "/orders.example:443"), (found!.IdnHost, found.Port, found.AbsolutePath));
    }

    [Fact]
    public void Credentials_AreAskedWithTheProxyAsTheUserWroteIt()
    {
        var watched = new ProxySelector(new WebProxy(Proxy) { Credentials = new Exactly(Proxy) });

        var found = watched.Find(new Uri("https://orders.example/"));

        Assert.NotNull(watched.Credentials!.GetCredential(found!, "Basic"));
        watched.Credentials = CredentialCache.DefaultCredentials;
        Assert.Same(CredentialCache.DefaultCredentials, watched.Credentials);
    }

    [Fact]
    public void DefaultCredentials_AreAskedWithTheProxyAsTheUserWroteIt()
    {
        var selector = new ProxySelector(new WebProxy(Proxy));
        using var settings = new SocketsHttpHandler { DefaultProxyCredentials = new Exactly(Proxy) };
        var blueprint = new HandlerBlueprint(null!, settings, meters: null);

        using var handler = blueprint.CreateHandler(PoolRole.Upstream, selector);

        var found = selector.Find(new Uri("https://orders.example/"))!;
        Assert.NotNull(handler.DefaultProxyCredentials!.GetCredential(found, "Basic"));
    }

    [Fact]
    public void AHandler_GetsTheProxyThatWasChosenForItsRequest_AndNeverNone()
    {
        var (selector, destination, other) = (new ProxySelector(new WebProxy()), new Uri("https://orders.example/"), new Uri("https://orders.example/"));
        using (ProxySelector.Choose(destination, Proxy))
        {
            using (ProxySelector.Choose(other, new Uri("http://inner.example")))
            {
                Assert.Equal("inner.example", selector.GetProxy(other).Host);
            }

            using (ProxySelector.Choose(other, null))
            {
                Assert.Same(Proxy, selector.GetProxy(destination));
            }

            Assert.Same(Proxy, selector.GetProxy(destination));
            Assert.Equal("unknown-proxy.invalid", selector.GetProxy(other).Host);
        }

        Assert.Equal("unknown-proxy.invalid", selector.GetProxy(destination).Host);
        Assert.False(selector.IsBypassed(destination));
    }

    /// <summary>As those of a proxy in the environment: for one address, to the letter.</summary>
    private sealed class Exactly(Uri proxy) : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType) =>
            uri.Equals(proxy) ? new NetworkCredential("user", "word") : null;
    }
}
