using FlexTls.Support;
using Xunit;

namespace FlexTls.Upstreams;

/// <summary>The running upstreams.</summary>
public class UpstreamTableTests
{
    [Fact]
    public void Add_OfSeveral_LetsThemAppearTogether()
    {
        var table = new UpstreamTable();
        var version = table.Version;

        table.Add([(Key("a/orders"), Upstream()), (Key("orders"), Upstream())]);

        Assert.Equal(version + 1, table.Version);
        Assert.NotNull(table.FindService("orders", out _));

        static UpstreamKey Key(string name) => UpstreamKey.TryParse(name)!;

        static Upstream Upstream() => ContextUpstreams.Of(Pki.Context(Pki.Trusting()));
    }
}
