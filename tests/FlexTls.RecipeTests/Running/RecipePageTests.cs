using FlexTls.Support;
using Xunit;

namespace FlexTls.Recipes;

/// <summary>The pages of docs/recipes.</summary>
public sealed class RecipePageTests
{
    private const string Sources = "tests/FlexTls.RecipeTests/Recipes";

    public static TheoryData<string> Names =>
    [
        .. RepositoryFiles.Find(Sources, "*RecipeTests.cs")
            .Select(file => file[(Sources.Length + 1)..^"RecipeTests.cs".Length]),
    ];

    /// <summary>Their tests need nothing but Kestrel, and are with those of adapters.</summary>
    private static IEnumerable<string> OfHttpClients =>
        RepositoryFiles.Find("tests/FlexTls.AdapterTests/Recipes", "*RecipeTests.cs")
            .Select(file => Path.GetFileName(file)[..^"RecipeTests.cs".Length]);

    [Theory]
    [MemberData(nameof(Names))]
    public void APage_IsOneScreen(string name) =>
        Assert.InRange(Page(name).Count(c => c == '\n'), 10, 60);

    [Fact]
    public void EveryPage_HasATest() =>
        Assert.Equal(
            Names.Select(row => row.Data).Concat(OfHttpClients).Select(PathOf).Order(StringComparer.Ordinal),
            RepositoryFiles.Find("docs/recipes", "*.md"));

    private static string Page(string name) => RepositoryFiles.Read(PathOf(name));

#pragma warning disable CA1308 // File names are in lower case.
    private static string PathOf(string name) => $"docs/recipes/{name.ToLowerInvariant()}.md";
#pragma warning restore CA1308
}
