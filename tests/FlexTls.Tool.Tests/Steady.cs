using System.Text.RegularExpressions;

namespace FlexTls.Tool;

/// <summary>Output without what differs from run to run, or from machine to machine.</summary>
internal static partial class Steady
{
    public static string Of(string output) => new (Regex What, string Instead)[]
    {
        (Fingerprint(), "FINGERPRINT"), (Time(), "TIME"), (Port(), "localhost:PORT"), (DaysLeft(), "N days left"),
        (Date(), "YYYY-MM-DD"), (Groups(), ""), (Group(), "key exchange: GROUP"),
    }.Aggregate(output, (text, rule) => rule.What.Replace(text, rule.Instead));

    [GeneratedRegex("[0-9A-F]{16,64}")]
    private static partial Regex Fingerprint();

    [GeneratedRegex(@"[0-9.]+ (ms|s)\b")]
    private static partial Regex Time();

    [GeneratedRegex(@"localhost:\d{4,5}")]
    private static partial Regex Port();

    [GeneratedRegex(@"\d+ days left")]
    private static partial Regex DaysLeft();

    [GeneratedRegex(@"20\d\d-\d\d-\d\d")]
    private static partial Regex Date();

    // The TLS library's.
    [GeneratedRegex(@"^groups .*?\[platform\]\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Groups();

    [GeneratedRegex("key exchange: .*")]
    private static partial Regex Group();
}
