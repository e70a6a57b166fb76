using Xunit;

namespace FlexTls.Upstreams;

/// <summary>Where requests go is compared for each of them, and told once.</summary>
public class AddressWatchTests
{
    private static readonly Uri Service = new("https://orders.example");
    private static readonly Uri Elsewhere = new("https://elsewhere.example");

    [Fact]
    public void TheFirstThatGoesElsewhere_IsNews_AndNoOther()
    {
        var watch = new AddressWatch();

        Assert.False(watch.IsNews([Service], null, new Uri("https://ORDERS.example:443/a?b")));
        Assert.False(watch.IsNews([], null, Elsewhere));
        Assert.False(watch.IsNews([Service], new Uri("https://elsewhere.example/base/"), Elsewhere));
        Assert.True(watch.IsNews([Service], null, Elsewhere));
        Assert.False(watch.IsNews([Service], null, Elsewhere));
        Assert.False(watch.IsNews([Service], null, new Uri("https://third.example")));
    }

    [Theory]
    [InlineData("https://ü\u0378.example")]
    [InlineData("https://xn--ü.example")]
    [InlineData("https://⒈com.example")]
    public void AnAddressWithoutAnAsciiForm_IsComparedAsItIsWritten(string address)
    {
        var written = new Uri(address);

        Assert.False(new AddressWatch().IsNews([written], null, new Uri(address)));
        Assert.True(new AddressWatch().IsNews([written], written, Elsewhere));
        Assert.True(new AddressWatch().IsNews([Service], Service, written));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Comparing_AllocatesNothing(bool isToldAlready)
    {
        const int Requests = 10_000;
        var watch = new AddressWatch();
        IReadOnlyList<Uri> service = [Service];
        var requested = isToldAlready ? Elsewhere : new Uri("https://orders.example/path");
        watch.IsNews(service, null, requested);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Requests; i++)
        {
            watch.IsNews(service, null, requested);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
