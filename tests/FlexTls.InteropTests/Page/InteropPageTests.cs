using System.Net.Security;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Interop;

/// <summary>The page is what the matrix says; only the versions are those of the run that wrote it.</summary>
public sealed class InteropPageTests
{
    [Fact]
    public void Page_IsWhatARunWithoutFailuresWrites()
    {
        var versions = AllServers.All.ToDictionary(server => server, server => MarkdownTable.Rows(InteropPage.Path, $"{server.Name} |")[0][2]);

        var page = InteropPage.Render(InteropPage.Expected, server => versions[server]);

        Assert.Equal(page, RepositoryFiles.Read(InteropPage.Path));
    }

    [Fact]
    public void EveryGap_CoversARow() =>
        Assert.All(AllServers.All.SelectMany(server => server.Gaps.Select(gap => (server, gap))), found =>
            Assert.Contains(Rows.All, row => found.server.GapOf(row) == found.gap));

    [Fact]
    public void Matrix_HasWhatThePagePromises()
    {
        Assert.True(AllServers.All.Count >= 12);
        Assert.True(AllServers.All.Select(server => server.Library).Distinct().Count() >= 7);
        Assert.True(AllServers.All.Count(server => Rows.All.Any(row => row.Version == TlsVersion.Tls11 && server.GapOf(row) is null)) >= 6);
        Assert.All(AllServers.All, server => Assert.NotEqual(Tells.None, server.Tells));
    }

    [Fact]
    public void EverySuiteOfTheCatalog_HasARowOrAReason() =>
        Assert.All(CipherSuiteCatalog.All, suite =>
            Assert.True(Rows.NotOffered.Any(not => not.Suite == suite) || Rows.All.Any(row => row.Suite == suite), suite.Name));

    [Fact]
    public void EverySuiteWithoutARow_HasItsCode()
    {
        Assert.All(Rows.NotOffered, not =>
        {
            var options = Pki.Trusting();
            (options.MinVersion, options.MaxVersion) = (TlsVersion.Tls11, TlsVersion.Tls12);
            options.Ciphers = [not.Suite.Suite, TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA];
            var context = Pki.Context(options);

            Assert.Contains(context.Policy.Diagnostics.Concat(context.Diagnostics), found =>
                found.Code == not.Code && found.Message.Contains(not.Suite.Name, StringComparison.Ordinal));
            Assert.DoesNotContain(not.Suite.Suite, context.Effective.CipherSuites);
        });
    }
}
