using System.Text.RegularExpressions;
using FlexTls.Support;

namespace FlexTls.Tool;

/// <summary>The examples of docs/tool.md.</summary>
internal static partial class ToolPage
{
    private const string Page = "docs/tool.md";

    private static string Text { get; } = RepositoryFiles.Read(Page);

    /// <summary>The files that the page shows: YAML whose first line names the file.</summary>
    public static IReadOnlyList<(string Name, string Text)> Files { get; } =
        [.. FileBlock().Matches(Text).Select(match => (match.Groups[2].Value, match.Groups[1].Value))];

    /// <summary>Each call that is followed by its output.</summary>
    public static IReadOnlyList<(string Call, string Output)> Calls { get; } =
        [.. CallBlock().Matches(Text).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    /// <summary>Puts an output behind its call.</summary>
    public static void Write(string call, string output)
    {
        var text = CallBlock().Replace(
            RepositoryFiles.Read(Page),
            match => match.Groups[1].Value == call
                ? $"```sh\nflextls {call}\n```\n\n```text\n{output}```" : match.Value);
        File.WriteAllText(Path.Combine(RepositoryFiles.Root, Page), text);
    }

    [GeneratedRegex(@"```yaml\n(# ([^\n]+\.yaml)\n.*?)```", RegexOptions.Singleline)]
    private static partial Regex FileBlock();

    [GeneratedRegex(@"```sh\nflextls ([^\n]+)\n```\n\n```text\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CallBlock();
}
