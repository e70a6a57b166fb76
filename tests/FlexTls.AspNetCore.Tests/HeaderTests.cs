using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace FlexTls.Pages;

/// <summary>A browser keeps nothing, and loads and runs nothing.</summary>
public class HeaderTests
{
    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json")]
    public async Task EveryAnswer_HasTheHeadersOfAPrivatePage(string accept)
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions());

        using var response = await host.SendAsync(HttpMethod.Get, accept);

        Assert.Equal(["no-store"], response.Headers.GetValues("Cache-Control"));
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        Assert.Matches(
            "^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'$",
            Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task TheStyle_IsTheOneThatThePolicyAllows()
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions());

        using var response = await host.SendAsync(HttpMethod.Head, "text/html");
        var style = Assert.Single((await host.PageAsync()).All("style")).Value;

        Assert.Contains(
            $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'",
            Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePage_HasNothingThatThePolicyBlocks()
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(new OutboundTlsOptions())),
        });

        var page = await host.PageAsync();

        Assert.Equal(["orders"], page.Upstreams);
        foreach (var element in new[] { "script", "link", "img", "iframe", "form", "base", "object" })
        {
            Assert.Empty(page.All(element));
        }

        var attributes = page.Tree.Descendants().SelectMany(element => element.Attributes()).ToList();
        Assert.DoesNotContain(
            attributes,
            attribute => attribute.Name == "style"
                || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(
            attributes.Where(attribute => attribute.Name == "href"),
            link => Assert.StartsWith("?", link.Value, StringComparison.Ordinal));
    }
}
