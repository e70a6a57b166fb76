using System.Globalization;
using System.Text;

namespace FlexTls;

/// <summary>
/// Characters that are invisible, or change how others are read: they are misleading on a log line, and go unnoticed in
/// a name.
/// </summary>
internal static class UnseenCharacters
{
    /// <summary>
    /// Unicode's Default_Ignorable_Code_Point beyond the category Cf, and characters that are drawn as nothing or as a
    /// blank: the fillers, the empty Braille pattern, the object replacement, the empty note head, Egyptian blanks.
    /// </summary>
    private static readonly (int First, int Last)[] Ranges =
    [
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065), (0x2800, 0x2800),
        (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0x13441, 0x13442), (0x16FE4, 0x16FE4),
        (0x1D159, 0x1D159), (0xE0000, 0xE0FFF),
    ];

    public static bool Holds(Rune character) =>
        character.Value < 0x80 ? Rune.IsControl(character) : IsOfCategory(character) || IsInRange(character.Value);

    private static bool IsOfCategory(Rune character) => Rune.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsInRange(int value) =>
        Array.Exists(Ranges, range => value >= range.First && value <= range.Last);
}
