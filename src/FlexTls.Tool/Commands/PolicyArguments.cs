using System.CommandLine;

namespace FlexTls;

/// <summary>The arguments that name policies.</summary>
internal static class PolicyArguments
{
    public const string Description =
        "Policy files, folders and patterns; appsettings files (*.json); - for the standard input.";

    /// <summary>Policies, by default those of the current directory.</summary>
    public static Argument<string[]> Paths() => new("PATH")
    {
        Description = Description,
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => ["."],
    };

    public static Option<string> Section() => new("--section")
    {
        Description = "The section of appsettings files.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "OutboundTls",
    };
}
