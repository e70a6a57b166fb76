using System.Text.Json;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Tool;

/// <summary>The package of the tool contains its dependencies, and the license of each.</summary>
public class NoticesTests
{
    [Fact]
    public void EveryPackageInTheTool_IsInTheNotices_AndNoOther()
    {
        using var dependencies = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "FlexTls.Tool.deps.json")));

        Assert.Equal(
            dependencies.RootElement.GetProperty("libraries").EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package")
                .Select(library => library.Name.Split('/')[0]).Order(StringComparer.Ordinal),
            RepositoryFiles.Read("THIRD-PARTY-NOTICES.txt").Split('\n')
                .Where(line => line.StartsWith("- ", StringComparison.Ordinal))
                .Select(line => line[2..]).Order(StringComparer.Ordinal));
    }
}
