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
        var root = new Command(
            "flextls", "Checks and explains outbound TLS policies, tries them on servers, and writes them.")
        {
            new HelpOption(),
            new VersionOption(),
            CheckCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            WhichCommand.Create(terminal),
            ConnectCommand.Create(terminal),
            ProbeCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        root.Add(CompletionCommand.CreateComplete(terminal, root));

        // A file whose name begins with @ is a file.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
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
        catch (TlsPolicyException e)
        {
            foreach (var fault in e.Diagnostics.Where(one => one.Severity == TlsPolicyDiagnosticSeverity.Error))
            {
                var shown = fault with { FileName = fault.FileName is { } file ? ShownPath.Of(file) : null };
                await terminal.Error.WriteLineAsync(shown.ToString()).ConfigureAwait(false);
            }

            return ExitCodes.Findings;
        }
        catch (OperationCanceledException)
        {
            // The user has ended it, and knows that.
            return ExitCodes.Interrupted;
        }
        catch (UnusableException e)
        {
            await terminal.Error.WriteLineAsync($"flextls: {e.Message}").ConfigureAwait(false);
            return ExitCodes.Unusable;
        }
        catch (Exception e) when (e is not IOException)
        {
            // A fault of the command; an IOException is a pipe whose reader has gone.
            await terminal.Error.WriteLineAsync($"flextls: please report this fault of the command: {e}")
                .ConfigureAwait(false);
            return ExitCodes.Unusable;
        }
    }
}
