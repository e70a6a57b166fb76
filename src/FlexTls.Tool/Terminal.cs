using Spectre.Console;

namespace FlexTls;

/// <summary>Where a command writes, and what it reads.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">What keeps a command from giving any.</param>
/// <param name="In">The text that <c>-</c> stands for.</param>
internal sealed record Terminal(IAnsiConsole Out, TextWriter Error, TextReader In)
{
    /// <summary>
    /// The streams of the process. Colors and the width are the terminal's; in a pipe there are none, nor with
    /// NO_COLOR.
    /// </summary>
    public static Terminal OfProcess() => new(AnsiConsole.Console, Console.Error, Console.In);

    /// <summary>Writes a line as it is: it is never wrapped, so that programs can read it.</summary>
    public void WriteLine(string line) => Out.Profile.Out.Writer.WriteLine(line);

    /// <summary>Writes a line that has a part in color, where there are colors.</summary>
    public void WriteLine(string before, string colored, string after, Color color)
    {
        if (Out.Profile.Capabilities.Ansi && Out.Profile.Capabilities.ColorSystem != ColorSystem.NoColors)
        {
            Out.Profile.Out.Writer.Write(before);
            Out.Write(new Text(colored, new Style(color)));
            WriteLine(after);
            return;
        }

        WriteLine(before + colored + after);
    }
}
