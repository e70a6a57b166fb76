using System.CommandLine;

namespace FlexTls;

/// <summary><c>flextls completion</c>: scripts that complete the command in shells.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _flextls() {
              local IFS=$'\n' found
              found=$(flextls complete --position "$COMP_POINT" "$COMP_LINE" 2>/dev/null)
              COMPREPLY=($(compgen -W "$found" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _flextls flextls
            """,
        ["zsh"] = """
            _flextls() {
              local -a found
              found=("${(@f)$(flextls complete --position $CURSOR "$BUFFER" 2>/dev/null)}")
              compadd -a found || _files
            }
            compdef _flextls flextls
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName flextls -ScriptBlock {
              param($word, $ast, $position)
              flextls complete --position $position "$ast" | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command(
            "completion", "Writes a script that completes the command in a shell: "
            + "eval \"$(flextls completion bash)\"")
        {
            shell,
        };
        command.SetAction(arguments => terminal.WriteLine(Scripts[arguments.GetValue(shell)!]));
        return command;
    }

    /// <summary>What may follow in a line, one word a line.</summary>
    /// <param name="terminal">Where to write.</param>
    /// <param name="root">The command to complete.</param>
    public static Command CreateComplete(Terminal terminal, Command root)
    {
        var line = new Argument<string>("LINE");
        var position = new Option<int>("--position");
        var command = new Command("complete") { line, position };
        command.Hidden = true;
        command.SetAction(arguments =>
        {
            var text = arguments.GetValue(line)!;
            var at = Math.Clamp(arguments.GetValue(position), 0, text.Length);

            // The words behind the command itself.
            var words = text.IndexOf(' ', StringComparison.Ordinal) + 1;
            if (words == 0 || at < words)
            {
                return;
            }

            foreach (var completion in root.Parse(text[words..at]).GetCompletions(at - words))
            {
                terminal.WriteLine(completion.InsertText ?? completion.Label);
            }
        });
        return command;
    }
}
