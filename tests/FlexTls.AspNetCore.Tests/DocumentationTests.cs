using FlexTls.Support;
using Xunit;

namespace FlexTls.Pages;

/// <summary>The page shows details of every upstream: nobody copies a line that shows it to everyone.</summary>
public class DocumentationTests
{
    [Fact]
    public void NoPage_MapsTheStatusWithoutAuthorization()
    {
        var lines =
            from file in RepositoryFiles.Find("docs", "*.md").Concat(RepositoryFiles.Find("src", "*.md")).Append("README.md")
            from line in RepositoryFiles.Read(file).Split('\n')
            where line.Contains("MapOutboundTls(\"", StringComparison.Ordinal)
            select line;

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains(".RequireAuthorization(", line, StringComparison.Ordinal));
    }
}
