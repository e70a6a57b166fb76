using Spectre.Console;

namespace FlexTls.Tool;

/// <summary>The command in this process, as in a pipe.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static async Task<ToolRun> WithInputAsync(string input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var reader = new StringReader(input);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        var code = await FlexTlsCommand.RunAsync(args, new Terminal(console, error, reader));
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    public static Task<ToolRun> OfAsync(params string[] args) => WithInputAsync("", args);
}
