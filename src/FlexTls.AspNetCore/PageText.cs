using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace FlexTls;

/// <summary>
/// An interpolated string as markup: its literal parts are written as they are, and every value is encoded, as text and
/// for attributes in double quotes.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct PageText
{
    private readonly StringBuilder _page;

    public PageText(int literalLength, int formattedCount, PageWriter page)
    {
        _page = page.Unsent;
        _page.EnsureCapacity(_page.Length + literalLength + formattedCount);
    }

    public void AppendLiteral(string markup) => _page.Append(markup);

    public void AppendFormatted(string? value) =>
        _page.Append(HtmlEncoder.Default.Encode(VisibleText.Of(value ?? "")));

    public void AppendFormatted(int value) => _page.Append(CultureInfo.InvariantCulture, $"{value:N0}");

    /// <summary>A date and time in UTC, as in the log.</summary>
    public void AppendFormatted(DateTimeOffset value) => _page.Append(
        CultureInfo.InvariantCulture, $"<time datetime=\"{value.UtcDateTime:s}Z\">{value.UtcDateTime:u}</time>");
}
