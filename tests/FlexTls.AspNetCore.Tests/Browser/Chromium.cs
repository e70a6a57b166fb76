using FlexTls.Support;
using Microsoft.Playwright;
using Xunit;

namespace FlexTls.Pages.Browser;

/// <summary>A real browser, the system's, started when a test first needs it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens a page in a window of its own, and records what goes wrong there.</summary>
    internal async Task<BrowserPage> OpenAsync(Uri address, Look? look = null)
    {
        ExternalTool.Require("chromium", "--version");
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("PATH")!.Split(':')
                .Select(folder => Path.Combine(folder, "chromium")).First(File.Exists),
        });
        return await BrowserPage.OpenAsync(_browser, address, look ?? new Look());
    }
}
