using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Tool;

/// <summary>
/// What each command writes, on terminals of 80 and 120 columns and in a pipe. With FLEXTLS_GOLDEN=1 the files are
/// written anew.
/// </summary>
public class GoldenTests
{
    public static TheoryData<string, string[], bool> Commands => new()
    {
        { "check", ["check", "policies"], false },
        { "check-github", ["check", "policies", "--format", "github"], false },
        { "explain", ["explain", "orders", "policies"], true },
        { "explain-billing", ["explain", "billing", "policies"], true },
        { "explain-diff", ["explain", "orders", "policies", "--diff", "next"], true },
        { "explain-diff-gone", ["explain", "billing", "policies", "--diff", "next"], false },
        { "which-url", ["which", "https://orders.example", "policies"], false },
        { "which-other-port", ["which", "https://orders.example:8443", "policies"], false },
        { "which-name", ["which", "ordrs", "policies"], false },
        { "completion", ["completion", "bash"], false },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task TheOutput_IsTheGoldenOne(string name, string[] args, bool dependsOnWidth)
    {
        foreach (var width in new[] { 80, 120, ToolRun.Pipe })
        {
            var suffix = !dependsOnWidth ? "" : width == ToolRun.Pipe ? ".pipe" : $".{width}";
            Golden.Check($"{name}{suffix}", await ToolRun.RunAsync(width, "", args));
        }
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(ToolRun.Pipe)]
    public async Task AConnection_IsDescribed(int width)
    {
        using var certificate = ExampleFolder.CA.IssueServer("localhost");
        await using var server = LoopbackServer.Start(certificate);
        var suffix = width == ToolRun.Pipe ? "pipe" : $"{width}";

        var accepted = await ToolRun.RunAsync(
            width, "", "connect", $"localhost:{server.Port}", "--policy", "policies", "--service", "orders");
        var refused = await ToolRun.RunAsync(width, "", "connect", $"localhost:{server.Port}");

        Golden.Check($"connect.{suffix}", accepted);
        Golden.Check($"connect-refused.{suffix}", refused);
    }

    [Fact]
    public async Task AProbe_WritesThePolicy()
    {
        using var certificate = ExampleFolder.CA.IssueServer("localhost");
        await using var server = LoopbackServer.Start(certificate);

        Golden.Check("probe", await ToolRun.OfAsync("probe", $"localhost:{server.Port}"));
    }
}
