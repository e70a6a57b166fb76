using System.Text.RegularExpressions;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Recipes;

/// <summary>The pages of docs/recipes: their code is the code of the tests.</summary>
public sealed partial class RecipePage
{
    private const string Begin = "// <recipe>";
    private const string End = "// </recipe>";
    private const string Sources = "tests/FlexTls.RecipeTests/Recipes";

    public static TheoryData<string> Names =>
    [
        .. RepositoryFiles.Find(Sources, "*RecipeTests.cs")
            .Select(file => file[(Sources.Length + 1)..^"RecipeTests.cs".Length]),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheFirstSnippetOfAPage_IsTheCodeOfItsTest(string name)
    {
        var lines = RepositoryFiles.Read($"{Sources}/{name}RecipeTests.cs").Split('\n');
        var begin = Array.FindIndex(lines, line => line.Trim() == Begin);
        var end = Array.FindIndex(lines, line => line.Trim() == End);
        var indent = lines[begin].IndexOf('/', StringComparison.Ordinal);
        var code = lines[(begin + 1)..end].Select(line => line.Length > indent ? line[indent..] : line);

        Assert.Equal(string.Join('\n', code), Fence().Match(Page(name)).Groups[1].Value);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void APage_IsOneScreen(string name) =>
        Assert.InRange(Page(name).Count(c => c == '\n'), 10, 60);

    [Fact]
    public void EveryPage_HasATest() =>
        Assert.Equal(
            Names.Select(row => PathOf(row.Data)).Order(StringComparer.Ordinal),
            RepositoryFiles.Find("docs/recipes", "*.md"));

    private static string Page(string name) => RepositoryFiles.Read(PathOf(name));

#pragma warning disable CA1308 // File names are in lower case.
    private static string PathOf(string name) => $"docs/recipes/{name.ToLowerInvariant()}.md";
#pragma warning restore CA1308

    [GeneratedRegex(@"^```csharp\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
