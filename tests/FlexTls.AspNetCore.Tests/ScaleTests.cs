using System.Globalization;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Pages;

/// <summary>A program with many upstreams.</summary>
public class ScaleTests
{
    private const int Upstreams = 1000;
    private const int MostCharactersOfOne = 4000;

    [Fact]
    public async Task AThousandUpstreams_AreOnOnePage_WhoseLengthIsInProportion()
    {
        var policy = OutboundTlsPolicy.Create(Pki.MutualTls());
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls =>
            {
                for (var i = 0; i < Upstreams; i++)
                {
                    tls.AddPolicy(
                        string.Create(CultureInfo.InvariantCulture, $"team-{i % 10}/upstream-{i:000}"), policy);
                }
            },
        });

        Assert.Equal(Upstreams, (await host.PageAsync()).Upstreams.Distinct().Count());

        using var response = await host.SendAsync(HttpMethod.Get, "text/html");
        var page = await response.Content.ReadAsStringAsync(Deadline.Token());
        Assert.InRange(page.Length, 0, Upstreams * MostCharactersOfOne);
    }
}
