namespace FlexTls.Documentation;

/// <summary>The documents under <c>docs</c>.</summary>
internal static class Documents
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "docs");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.md").Select(file => Path.GetFileName(file)!);

    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name)).ReplaceLineEndings("\n");

    /// <summary>The cells of the table row that begins with a name.</summary>
    public static string[] Row(string document, string name) =>
        Read(document).Split('\n').First(line => line.StartsWith($"| `{name}` |", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries)[1..^1];

    /// <summary>The names in backticks in a text, in their order.</summary>
    public static IEnumerable<string> Named(string text) => text.Split('`').Where((_, i) => i % 2 == 1);
}
