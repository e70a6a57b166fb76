using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace FlexTls.Pages.Browser;

/// <summary>A page in a browser, with everything that it asked for and complained about.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _requests = [];
    private readonly List<string> _complaints = [];

    private BrowserPage(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>The addresses that the browser asked for.</summary>
    public IReadOnlyList<string> Requests => _requests;

    /// <summary>Errors, blocked content, and dialogs.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public static async Task<BrowserPage> OpenAsync(IBrowser browser, Uri address, Look look)
    {
        var context = await browser.NewContextAsync(new()
        {
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            IsMobile = look.IsPhone,
            ViewportSize = look.IsPhone ? new() { Width = 390, Height = 844 } : new() { Width = 1440, Height = 900 },
        });
        var opened = new BrowserPage(context, await context.NewPageAsync());
        opened.Page.Request += (_, request) => opened._requests.Add(request.Url);
        opened.Page.Console += (_, message) => opened._complaints.Add($"{message.Type}: {message.Text}");
        opened.Page.PageError += (_, error) => opened._complaints.Add(error);
        opened.Page.Dialog += (_, dialog) =>
        {
            opened._complaints.Add($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        await opened.Page.GotoAsync(address.AbsoluteUri);
        return opened;
    }

    /// <summary>What axe-core finds, a line each.</summary>
    public async Task<IReadOnlyList<string>> BarriersAsync()
    {
        var found = await Page.RunAxe();
        return
        [
            .. found.Violations.Select(
                barrier => $"{barrier.Id}: {string.Join(", ", barrier.Nodes.Take(3).Select(node => node.Html))}"),
        ];
    }

    /// <summary>Whether the page is wider than the window.</summary>
    public Task<bool> IsTooWideAsync() =>
        Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
