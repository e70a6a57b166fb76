using System.CommandLine;
using System.CommandLine.Help;

namespace FlexTls;

/// <summary>The command <c>flextls</c>.</summary>
internal static class FlexTlsCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        // Not a RootCommand, which is named after the file that runs.
        var root = new Command("flextls", "Checks outbound TLS policies before they are deployed.")
        {
            new HelpOption(),
            new VersionOption(),
            CheckCommand.Create(terminal),
            SchemaCommand.Create(terminal),
        };
        var parsed = root.Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out.Profile.Out.Writer,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            var code = await parsed.InvokeAsync(configuration).ConfigureAwait(false);
            return parsed.Errors.Count > 0 ? ExitCodes.Unusable : code;
        }
        catch (UnusableException e)
        {
            await terminal.Error.WriteLineAsync($"flextls: {e.Message}").ConfigureAwait(false);
            return ExitCodes.Unusable;
        }
    }
}
