using FlexTls.Support;
using Xunit;

namespace FlexTls.Documentation;

/// <summary>docs/cipher-suites.md has the catalog's rows.</summary>
public class CipherSuitesTests
{
    [Fact]
    public void Page_HasTheRowsOfTheCatalog() => Assert.Equal(CipherSuiteCatalog.All.Select(Row), MarkdownTable.Rows("docs/cipher-suites.md", "TLS_"));

    private static string[] Row(CipherSuiteInfo suite)
    {
        var versions = suite.Versions.ToString()["TLS ".Length..].Replace(" to ", ", ", StringComparison.Ordinal);
        var isDefault = suite switch
        {
            { IsTls13: true } => "yes",
            { IsDefault: true } => $"{suite.DefaultOrder}",
            _ => "–",
        };
        return [suite.Name, suite.OpenSslName, versions, isDefault, $"{suite.Advice}"];
    }
}
