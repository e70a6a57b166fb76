using System.Globalization;
using System.Text;

namespace FlexTls;

/// <summary>Text that reads as it is written.</summary>
internal static class VisibleText
{
    /// <summary>
    /// The text with its control characters, and others that are invisible or change the direction of the text, as
    /// numbers: <c>\u202E</c>. Line breaks and tabs stay.
    /// </summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = IsUnseen(rune)
                ? shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}")
                : shown.Append(rune.ToString());
        }

        return shown.ToString();
    }

    private static bool IsUnseen(Rune rune) => rune.Value is not '\n' and not '\r' and not '\t'
        && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
