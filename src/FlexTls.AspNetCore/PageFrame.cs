namespace FlexTls;

/// <summary>What every page begins and ends with.</summary>
internal static class PageFrame
{
    public static void Begin(PageWriter page, string title)
    {
        page.Write($"""
            <!DOCTYPE html>
            <html lang="en" dir="ltr">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta name="robots" content="noindex" />
            <title>{title}</title>

            """);
        PageStyle.Write(page);
        page.Write($"""
            </head>
            <body>

            """);
    }

    public static void End(PageWriter page) => page.Write($"</body>\n</html>\n");
}
