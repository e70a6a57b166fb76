using System.CommandLine;

namespace FlexTls;

/// <summary>The arguments that name policies.</summary>
internal static class PolicyArguments
{
    private const string Description =
        "Policy files, folders and patterns; appsettings files (*.json); - for the standard input.";

    /// <summary>Policies, by default those of the current directory.</summary>
    public static Argument<string[]> Paths()
    {
        var paths = RequiredPaths();
        paths.Arity = ArgumentArity.ZeroOrMore;
        paths.DefaultValueFactory = _ => ["."];
        return paths;
    }

    /// <summary>Policies. A misspelled option is none.</summary>
    public static Argument<string[]> RequiredPaths()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = Description,
            Arity = ArgumentArity.OneOrMore,
        };
        paths.Validators.Add(found =>
        {
            foreach (var path in found.Tokens.Select(token => token.Value).Where(IsOption))
            {
                found.AddError(
                    $"'{SafeText.Of(path)}' is not an option of this command; a file of this name is ./{path}.");
            }
        });
        return paths;
    }

    /// <summary>Loads the policies that the arguments of a command name.</summary>
    /// <exception cref="TlsPolicyException">They have errors.</exception>
    /// <exception cref="UnusableException">An appsettings file cannot be read.</exception>
    public static async Task<LoadedPolicies> LoadAsync(
        IReadOnlyList<string> paths, string section, Terminal terminal, CancellationToken cancellationToken)
    {
        var inputs = await PolicyInputs.OpenAsync(paths, section, terminal.In, cancellationToken).ConfigureAwait(false);
        return await LoadedPolicies.LoadAsync(inputs, at: null, cancellationToken).ConfigureAwait(false);
    }

    public static Option<string> Section() => new("--section")
    {
        Description = "The section of appsettings files.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "OutboundTls",
    };

    private static bool IsOption(string path) => path.StartsWith('-') && path.Length > 1;
}
