namespace FlexTls.Support;

/// <summary>The rows of the tables of a page.</summary>
internal static class MarkdownTable
{
    /// <summary>The cells of every row whose first cell begins with <paramref name="prefix"/>, in the order of the page.</summary>
    public static IReadOnlyList<string[]> Rows(string page, string prefix) =>
    [
        .. RepositoryFiles.Read(page).Split('\n')
            .Where(line => line.StartsWith($"| {prefix}", StringComparison.Ordinal))
            .Select(line => line.Replace(@"\|", "¦", StringComparison.Ordinal).Trim('|').Split('|', StringSplitOptions.TrimEntries)),
    ];
}
