using System.Text;

namespace FlexTls.GatewayComparison;

/// <summary>What the run found: on the console, and in the end in a page between two marks.</summary>
internal static class Report
{
    private const string Begin = "<!-- comparison: written by benchmarks/gateway -->";
    private const string End = "<!-- end of the comparison -->";

    private static readonly StringBuilder Text = new();

    public static void Line(string text = "")
    {
        Console.WriteLine(text);
        Text.Append(text).Append('\n');
    }

    /// <summary>Replaces what stands between the marks of a page.</summary>
    public static void WriteTo(string page)
    {
        var before = File.ReadAllText(page);
        var (begin, end) = (before.IndexOf(Begin, StringComparison.Ordinal), before.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new InvalidOperationException($"{page} lacks the marks '{Begin}' and '{End}'.");
        }

        File.WriteAllText(page, $"{before[..(begin + Begin.Length)]}\n\n{Text}\n{before[end..]}");
    }
}
