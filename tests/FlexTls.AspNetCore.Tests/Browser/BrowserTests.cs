using FlexTls.Support;
using Microsoft.Playwright;
using Xunit;

namespace FlexTls.Pages.Browser;

/// <summary>
/// The page in a real browser, light and dark, wide and narrow. Where <c>FLEXTLS_SCREENSHOTS</c> names a folder, it
/// leaves pictures there.
/// </summary>
public class BrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("FLEXTLS_SCREENSHOTS");

    [Theory(Explicit = true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task EveryState_HasNoBarriers(bool isDark, bool isPhone)
    {
        await using var states = await ManyStates.StartAsync(8);
        await using var opened = await chromium.OpenAsync(states.Host.Address, new Look(isDark, isPhone));
        foreach (var summary in await opened.Page.Locator("summary").AllAsync())
        {
            await summary.ClickAsync();
        }

        Assert.Empty(await opened.BarriersAsync());
    }

    [Theory(Explicit = true)]
    [InlineData(1, false, false)]
    [InlineData(1, true, true)]
    [InlineData(50, false, true)]
    [InlineData(50, true, false)]
    [InlineData(1000, false, false)]
    [InlineData(1000, true, true)]
    public async Task ThePage_FitsItsWindow_AndAsksForNothingElse(int upstreams, bool isDark, bool isPhone)
    {
        await using var states = await ManyStates.StartAsync(upstreams);
        var look = new Look(isDark, isPhone);
        await using var opened = await chromium.OpenAsync(states.Host.Address, look);
        await ShootAsync(opened, $"{upstreams}-{look}");

        var last = opened.Page.Locator("summary").Last;
        await last.ClickAsync();
        await last.ScrollIntoViewIfNeededAsync();
        await ShootAsync(opened, $"{upstreams}-{look}-last");

        Assert.Equal(upstreams, await opened.Page.Locator("details").CountAsync());
        Assert.True(await opened.Page.Locator("details dl").Last.IsVisibleAsync());
        Assert.False(await opened.IsTooWideAsync());
        Assert.Empty(opened.Complaints);
        Assert.Equal([states.Host.Address.AbsoluteUri], opened.Requests);
    }

    [Fact(Explicit = true)]
    public async Task TheKeyboard_ReachesEveryFilterAndEveryUpstream_AndOpensItsDetails()
    {
        await using var states = await ManyStates.StartAsync(8);
        await using var opened = await chromium.OpenAsync(states.Host.Address);
        var page = opened.Page;
        var targets = await page.Locator("a, summary").AllInnerTextsAsync();

        var reached = new List<string>();
        foreach (var _ in targets)
        {
            await page.Keyboard.PressAsync("Tab");
            var focused = page.Locator(":focus-visible");
            reached.Add(await focused.InnerTextAsync());
            Assert.Equal("solid", await focused.EvaluateAsync<string>("one => getComputedStyle(one).outlineStyle"));
        }

        Assert.Equal(targets, reached);
        await page.Keyboard.PressAsync("Enter");
        Assert.True(await page.Locator("details").Last.EvaluateAsync<bool>("one => one.open"));
    }

    [Fact(Explicit = true)]
    public async Task AScreenReader_HearsATableWithNames()
    {
        await using var states = await ManyStates.StartAsync(8);
        await using var opened = await chromium.OpenAsync(states.Host.Address);
        var page = opened.Page;

        var table = page.GetByRole(AriaRole.Table, new() { Name = "8 upstreams" });
        Assert.Equal(7, await table.GetByRole(AriaRole.Columnheader).CountAsync());
        Assert.Equal(8, await table.GetByRole(AriaRole.Rowheader).CountAsync());
        var row = table.GetByRole(AriaRole.Row, new() { NameRegex = new("^orders ") });
        Assert.Equal(6, await row.GetByRole(AriaRole.Cell).CountAsync());
        Assert.Equal(1, await row.GetByRole(AriaRole.Img, new() { NameRegex = new("days left$") }).CountAsync());
        Assert.Equal(1, await row.GetByRole(AriaRole.Img, new() { Name = "Last hour: 1 handshake" }).CountAsync());
        Assert.Equal(1, await table.GetByText("Details of orders").CountAsync());
    }

    [Fact(Explicit = true)]
    public async Task HostileNames_RunNothing()
    {
        using var identity = Pki.Root.IssueClient(
            "CN=\"</bdi></td><script>alert('1')</script><img src=x onerror=alert(2)>\"");
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Presenting(identity))),
        });

        await using var opened = await chromium.OpenAsync(
            new Uri(host.Address, "?state=\"><svg onload=alert(3)>"));

        Assert.True(await opened.Page.GetByText("onerror=alert(2)").First.IsVisibleAsync());
        Assert.Equal(0, await opened.Page.Locator("script, img").CountAsync());
        Assert.Empty(opened.Complaints);
        Assert.Single(opened.Requests);
    }

    private static async Task ShootAsync(BrowserPage opened, string name)
    {
        if (Screenshots is not null)
        {
            await opened.Page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}.png") });
        }
    }
}
