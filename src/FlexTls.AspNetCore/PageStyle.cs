using System.Security.Cryptography;
using System.Text;

namespace FlexTls;

/// <summary>The style element of the pages, and the security policy that allows nothing else.</summary>
internal static class PageStyle
{
    // Browsers hash the text with these line ends, whatever the sources have.
    private static readonly string Css = PageCss.Text.ReplaceLineEndings("\n");

    /// <summary>The value of <c>Content-Security-Policy</c>: nothing but the style with this hash.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{HashOf(Css)}'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    /// <summary>Writes the element.</summary>
    public static void Write(PageWriter page)
    {
        page.Write($"<style>");
        page.Unsent.Append(Css);
        page.Write($"</style>\n");
    }

    private static string HashOf(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
