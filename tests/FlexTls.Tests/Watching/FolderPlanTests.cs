using Xunit;

namespace FlexTls.Watching;

/// <summary>The fewest watches that see all folders, and none that sees the whole machine.</summary>
public class FolderPlanTests
{
    [Theory]
    [InlineData("/s", "/s")]
    [InlineData("/s /t", "/s /t")]
    [InlineData("/s /s/a /s/a/b", "/s**")]
    [InlineData("/s/a/b /s", "/s**")]
    [InlineData("/s /sub", "/s /sub")]
    [InlineData("/s**", "/s**")]
    [InlineData("/s** /s/a** /t", "/s** /t")]
    [InlineData("(/s) /s/a", "/s /s/a")]
    [InlineData("(/s) /s/a /s/a/b", "/s /s/a**")]
    [InlineData("/s (/s/a)", "/s**")]
    [InlineData("/ /s", "/ /s")]
    [InlineData("/** /s", "/**")]
    public void Of_AFolderThatIsAHome_TakesInWhatLiesBelow(string folders, string expected)
    {
        var wanted = folders.Split(' ').ToDictionary(
            folder => folder.Trim('(', ')', '*') is { Length: > 0 } path ? path : "/",
            folder => folder.EndsWith("**", StringComparison.Ordinal) ? FolderReach.Tree : folder[0] == '(' ? FolderReach.Names : FolderReach.Home);

        var plan = FolderPlan.Of(wanted);

        Assert.Equal(expected.Split(' '), plan.Select(folder => folder.Key + (folder.Value ? "**" : "")).Order(StringComparer.Ordinal));
    }
}
