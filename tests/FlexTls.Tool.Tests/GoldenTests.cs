using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Tool;

/// <summary>
/// What each command writes, on terminals of 80 and 120 columns and in a pipe. With FLEXTLS_GOLDEN=1 the files are
/// written anew.
/// </summary>
public class GoldenTests
{
    public static TheoryData<string, string[]> Commands => new()
    {
        { "check", ["check", "policies"] },
        { "check-github", ["check", "policies", "--format", "github"] },
        { "explain", ["explain", "orders", "policies"] },
        { "explain-billing", ["explain", "billing", "policies"] },
        { "explain-diff", ["explain", "orders", "policies", "--diff", "next"] },
        { "which-url", ["which", "https://orders.example", "policies"] },
        { "which-other-port", ["which", "https://orders.example:8443", "policies"] },
        { "which-name", ["which", "ordrs", "policies"] },
        { "completion", ["completion", "bash"] },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task TheOutput_IsTheGoldenOne(string name, string[] args)
    {
        foreach (var width in new[] { 80, 120, ToolRun.Pipe })
        {
            Golden.Check($"{name}.{(width == ToolRun.Pipe ? "pipe" : width)}", await ToolRun.RunAsync(width, "", args));
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

        Golden.Check("probe.pipe", await ToolRun.OfAsync("probe", $"localhost:{server.Port}"));
    }
}
