using Spectre.Console;

namespace FlexTls.Tool;

/// <summary>The command in this process.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    /// <summary>Wide enough for every line, as in a pipe.</summary>
    public const int Pipe = 10_000;

    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Task<ToolRun> WithInputAsync(string input, params string[] args) => RunAsync(Pipe, input, args);

    public static Task<ToolRun> OfAsync(params string[] args) => RunAsync(Pipe, "", args);

    /// <summary>As on a terminal of this width, without colors.</summary>
    public static async Task<ToolRun> RunAsync(int width, string input, params string[] args)
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
        console.Profile.Width = width;
        var code = await FlexTlsCommand.RunAsync(args, new Terminal(console, error, console, reader));
        return new ToolRun(code, output.ToString(), error.ToString());
    }
}
