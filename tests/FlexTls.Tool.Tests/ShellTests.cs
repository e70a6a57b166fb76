using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Tool;

/// <summary>The command as a process of its own: completion in a shell, and the end by Ctrl-C.</summary>
public class ShellTests
{
    // What it uses lies here for the tests, part of it in the framework of theirs.
    private static readonly string[] Tool =
    [
        "exec", "--runtimeconfig", Here("FlexTls.Tool.Tests.runtimeconfig.json"),
        "--depsfile", Here("FlexTls.Tool.Tests.deps.json"),
        Here("FlexTls.Tool.dll"),
    ];

    [Theory]
    [InlineData("flextls ch", "check")]
    [InlineData("flextls check --format s", "sarif")]
    [InlineData("flextls connect localhost --ht", "--http")]
    public async Task TheScriptForBash_Completes(string line, string expected)
    {
        ExternalTool.Require("bash", "--version");
        var script = (await ToolRun.OfAsync("completion", "bash")).Out;
        var words = string.Join(' ', line.Split(' ').Select(word => $"'{word}'"));
        var bash = $"""
            flextls() {"{"} dotnet {string.Join(' ', Tool.Select(word => $"'{word}'"))} "$@"; {"}"}
            {script}
            COMP_LINE='{line}' COMP_POINT={line.Length} COMP_WORDS=({words}) COMP_CWORD={line.Split(' ').Length - 1}
            _flextls
            printf '%s\n' "{"${COMPREPLY[@]}"}"
            """;

        using var process = Start("bash", "-c", bash);

        Assert.Equal(expected, (await process.StandardOutput.ReadToEndAsync(Deadline.Token())).Trim());
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("probe")]
    public async Task CtrlC_EndsAConnectionAtOnce_WithoutAWord(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have another Ctrl-C.");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var process = Start("dotnet", [.. Tool, command, $"localhost:{((IPEndPoint)silent.LocalEndpoint).Port}"]);
        using var connection = await silent.AcceptTcpClientAsync(Deadline.Token());
        using var next = command == "probe" ? await silent.AcceptTcpClientAsync(Deadline.Token()) : null;

        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync(Deadline.Token());

        Assert.Equal(130, process.ExitCode);
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync(Deadline.Token()));
        var errors = await process.StandardError.ReadToEndAsync(Deadline.Token());
        Assert.DoesNotContain("Exception", errors, StringComparison.Ordinal);
    }

    private static string Here(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
