using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Tool;

/// <summary>The outputs in docs/tool.md are those of the command, on a terminal of 120 columns.</summary>
public class ToolPageTests
{
    // Stands for the port of a server of the test.
    private const string Server = "localhost:8443";

    [Fact]
    public async Task TheOutputsInThePage_AreThoseOfTheCommand()
    {
        using var certificate = ExampleFolder.CA.IssueServer("localhost");
        await using var server = LoopbackServer.Start(certificate);
        Assert.NotEmpty(ToolPage.Calls);
        foreach (var (call, output) in ToolPage.Calls)
        {
            var args = call.Replace(Server, $"localhost:{server.Port}", StringComparison.Ordinal).Split(' ');

            var run = await ToolRun.RunAsync(120, "", args);

            var written = (run.Out + run.Error).Replace($"localhost:{server.Port}", Server, StringComparison.Ordinal);
            if (Golden.IsWritten)
            {
                ToolPage.Write(call, written);
            }
            else
            {
                Assert.Equal(Steady.Of(output), Steady.Of(written));
            }
        }
    }

    [Fact]
    public void TheCodesOfTheCommand_AreDescribed() => Assert.Equal(
        [Findings.ExpiresSoon, Findings.UnknownService, Findings.NotFullyChecked],
        MarkdownTable.Rows("docs/tool.md", "FTLS8").Select(row => row[0]));
}
