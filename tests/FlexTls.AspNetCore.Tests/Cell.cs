using System.IO.Pipelines;
using System.Text;

namespace FlexTls.Pages;

/// <summary>One cell of a page, at the time <see cref="Now"/>.</summary>
internal static class Cell
{
    public static DateTimeOffset Now { get; } = new(2026, 5, 1, 12, 0, 30, TimeSpan.Zero);

    public static async Task<Page> OfAsync(Action<PageWriter> write)
    {
        using var stream = new MemoryStream();
        var page = new PageWriter(PipeWriter.Create(stream), Now);
        page.Write($"<td>");
        write(page);
        page.Write($"</td>");
        await page.FlushAsync(default);
        return new Page(Encoding.UTF8.GetString(stream.ToArray()));
    }
}
