using System.Runtime.InteropServices;
using System.Text;

namespace FlexTls.Benchmarks;

/// <summary>Writes what a comparison prints into a page too, if a variable names the page.</summary>
internal static class PerformancePage
{
    private const string Variable = "FLEXTLS_PERFORMANCE_PAGE";

    public static async Task WriteAsync(string section, Func<int, Task> compare, int rounds)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } page)
        {
            await compare(rounds);
            return;
        }

        var console = Console.Out;
        using var printed = new Both(console);
        Console.SetOut(printed);
        await compare(rounds);
        Console.SetOut(console);
        var (text, begin, end) = (await File.ReadAllTextAsync(page), $"<!-- {section}: written by a run -->", $"<!-- end of {section} -->");
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || to < from)
        {
            throw new InvalidOperationException($"{page} lacks the marks '{begin}' and '{end}'.");
        }

        await File.WriteAllTextAsync(page, $"{text[..(from + begin.Length)]}\n\n{Machine()}\n\n{printed.Text}\n{text[to..]}");
    }

    private static string Machine() =>
        $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}.";

    private sealed class Both(TextWriter console) : TextWriter
    {
        private readonly StringBuilder _text = new();

        public string Text => _text.ToString();

        public override Encoding Encoding => console.Encoding;

        public override void Write(char value)
        {
            _text.Append(value);
            console.Write(value);
        }
    }
}
