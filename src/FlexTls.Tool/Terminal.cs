using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlexTls;

/// <summary>Where a command writes, and what it reads.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">What keeps a command from giving any.</param>
/// <param name="Progress">What a long command is doing; it disappears afterwards.</param>
/// <param name="In">The text that <c>-</c> stands for.</param>
internal sealed record Terminal(IAnsiConsole Out, TextWriter Error, IAnsiConsole Progress, TextReader In)
{
    // Programs read lines: none is wrapped.
    private const int WidthOfPipe = 10_000;

    private bool HasColors =>
        Out.Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };

    /// <summary>
    /// The streams of the process. Colors and the width are the terminal's; in a pipe there are none, nor with
    /// NO_COLOR.
    /// </summary>
    public static Terminal OfProcess()
    {
        var console = ConsoleOf(Console.Out, Console.IsOutputRedirected);
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfPipe;
        }

        var progress = ConsoleOf(Console.Error, Console.IsErrorRedirected);
        return new Terminal(console, Console.Error, progress, Console.In);
    }

    /// <summary>Without colors in a pipe, also where a build server is known to show them.</summary>
    private static IAnsiConsole ConsoleOf(TextWriter writer, bool isRedirected) =>
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });

    /// <summary>Writes what fits the width of the terminal, without blanks at the ends of lines.</summary>
    public void Write(IRenderable content)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = HasColors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = HasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Out.Profile.Width;
        console.Write(content);
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
        {
            WriteLine(line.TrimEnd());
        }
    }

    /// <summary>Writes a line as it is: it is never wrapped, so that programs can read it.</summary>
    public void WriteLine(string line) => Out.Profile.Out.Writer.WriteLine(line);

    /// <summary>Writes a line that has a part in color, where there are colors.</summary>
    public void WriteLine(string before, string colored, string after, Color color)
    {
        if (HasColors)
        {
            Out.Profile.Out.Writer.Write(before);
            Out.Write(new Text(colored, new Style(color)));
            WriteLine(after);
            return;
        }

        WriteLine(before + colored + after);
    }
}
