using System.CommandLine;

namespace FlexTls;

/// <summary><c>flextls explain</c>: what is enforced under a policy, and where each setting comes from.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME")
        {
            Description = "The Service: orders, or payments/orders.",
        };
        var paths = PolicyArguments.Paths();
        var section = PolicyArguments.Section();
        var diff = new Option<string?>("--diff")
        {
            Description = "Show instead what changes if the policies of this file, folder or pattern take their place.",
            HelpName = "PATH",
        };
        var command = new Command(
            "explain", "Shows what is enforced for an upstream, and why: flextls explain orders policies")
        {
            name, paths, section, diff,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var sources = PolicySources.Open(arguments.GetValue(paths)!, arguments.GetValue(section)!, terminal.In);
            var policies = await LoadedPolicies.LoadAsync(sources, at: null, cancellationToken).ConfigureAwait(false);
            await using var _ = policies.ConfigureAwait(false);
            var context = policies.Find(arguments.GetValue(name)!);
            if (arguments.GetValue(diff) is not { } other)
            {
                Write(terminal, policies, context);
                return ExitCodes.Success;
            }

            var nextSources = PolicySources.Open([other], arguments.GetValue(section)!, terminal.In);
            var next = await LoadedPolicies.LoadAsync(nextSources, at: null, cancellationToken).ConfigureAwait(false);
            await using var __ = next.ConfigureAwait(false);
            var differences = PolicyDifferences.Between(context, next.Find(context.Name!)).ToList();
            DifferencesTable.Write(terminal, differences);
            return differences.Exists(one => one.Effect == Effect.Weaker) ? ExitCodes.Findings : ExitCodes.Success;
        });
        return command;
    }

    private static void Write(Terminal terminal, LoadedPolicies policies, OutboundTlsContext context)
    {
        var upstream = policies.StatusOf(context);
        SettingsTable.Write(
            terminal,
            [
                new Setting(
                    "upstream", [upstream.Name],
                    upstream.FileName is { } file ? ShownPath.Of(file, upstream.Line) : upstream.Source),
                .. upstream.Addresses.Count == 0 ? (Setting[])[]
                    : [new("address", [.. upstream.Addresses.Select(address => address.OriginalString)])],
                .. new Explanation(context, policies.Clock.GetUtcNow()).Settings(),
            ]);
    }
}
